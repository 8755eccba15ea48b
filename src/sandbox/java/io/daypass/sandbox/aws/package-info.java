/** A stand-in for AWS that refuses what AWS refuses. */
@NullMarked
package io.daypass.sandbox.aws;

import org.jspecify.annotations.NullMarked;

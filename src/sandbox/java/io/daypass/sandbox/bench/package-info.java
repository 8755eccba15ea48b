/** Measures: what this machine can do, and what the broker makes of it. */
@NullMarked
package io.daypass.sandbox.bench;

import org.jspecify.annotations.NullMarked;

/** Mints AWS sessions and console links. */
@NullMarked
package io.daypass.cloud.aws;

import org.jspecify.annotations.NullMarked;

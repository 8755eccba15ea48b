/** Builds everything by hand, starts it, stops it. */
@NullMarked
package io.daypass.app;

import org.jspecify.annotations.NullMarked;

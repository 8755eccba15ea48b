/** The tables behind the ports. */
@NullMarked
package io.daypass.postgres;

import org.jspecify.annotations.NullMarked;

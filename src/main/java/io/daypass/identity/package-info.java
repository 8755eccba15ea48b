/** Who is calling. */
@NullMarked
package io.daypass.identity;

import org.jspecify.annotations.NullMarked;

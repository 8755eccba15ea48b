/** Where it starts. */
@NullMarked
package io.daypass;

import org.jspecify.annotations.NullMarked;

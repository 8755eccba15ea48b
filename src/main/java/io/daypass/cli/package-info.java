/** The terminal face. */
@NullMarked
package io.daypass.cli;

import org.jspecify.annotations.NullMarked;

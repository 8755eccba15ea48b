/** The doors for programs that do not know Daypass. */
@NullMarked
package io.daypass.web.compat;

import org.jspecify.annotations.NullMarked;

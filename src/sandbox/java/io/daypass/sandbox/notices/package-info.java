/** Receivers of notices, as strict as they can be. */
@NullMarked
package io.daypass.sandbox.notices;

import org.jspecify.annotations.NullMarked;

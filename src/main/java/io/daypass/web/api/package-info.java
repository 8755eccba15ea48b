/** JSON endpoints, and the wire records the command line shares. */
@NullMarked
package io.daypass.web.api;

import org.jspecify.annotations.NullMarked;

/** Events as JSON lines, one object each. */
@NullMarked
package io.daypass.log;

import org.jspecify.annotations.NullMarked;

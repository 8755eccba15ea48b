/** Work that any replica may do, taken on by lease. */
@NullMarked
package io.daypass.lease;

import org.jspecify.annotations.NullMarked;

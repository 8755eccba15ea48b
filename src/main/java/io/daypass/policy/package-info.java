/** What they may have. */
@NullMarked
package io.daypass.policy;

import org.jspecify.annotations.NullMarked;

/**
 * How a cloud is called: within a deadline, again only where that is safe, never too much at once.
 */
@NullMarked
package io.daypass.cloud.wire;

import org.jspecify.annotations.NullMarked;

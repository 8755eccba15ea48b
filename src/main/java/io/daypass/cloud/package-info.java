/** The port to a cloud, and what a cloud gives. */
@NullMarked
package io.daypass.cloud;

import org.jspecify.annotations.NullMarked;

/** What the broker must be told to start. */
@NullMarked
package io.daypass.settings;

import org.jspecify.annotations.NullMarked;

/** What a terminal shows: text made harmless, tables that fit, times as people say them. */
@NullMarked
package io.daypass.cli.screen;

import org.jspecify.annotations.NullMarked;

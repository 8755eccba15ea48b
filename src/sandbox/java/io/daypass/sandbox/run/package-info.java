/** What {@code make run} starts, and how it is told apart from what another one left behind. */
@NullMarked
package io.daypass.sandbox.run;

import org.jspecify.annotations.NullMarked;

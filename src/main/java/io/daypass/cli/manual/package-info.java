/** What the build makes of the commands: man pages, and completion for shells. */
@NullMarked
package io.daypass.cli.manual;

import org.jspecify.annotations.NullMarked;

/** The profiles that AWS tools read, in a file that is the person's own. */
@NullMarked
package io.daypass.cli.profile;

import org.jspecify.annotations.NullMarked;

/** Commands that run with a role's credentials. */
@NullMarked
package io.daypass.cli.child;

import org.jspecify.annotations.NullMarked;

/** OIDC providers whose tokens look like those of the real ones. */
@NullMarked
package io.daypass.sandbox.oidc;

import org.jspecify.annotations.NullMarked;

/** Daypass as an OIDC issuer that the clouds trust. */
@NullMarked
package io.daypass.issuer;

import org.jspecify.annotations.NullMarked;

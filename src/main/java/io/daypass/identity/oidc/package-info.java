/** Proves with an issuer's published keys that a token is its own. */
@NullMarked
package io.daypass.identity.oidc;

import org.jspecify.annotations.NullMarked;

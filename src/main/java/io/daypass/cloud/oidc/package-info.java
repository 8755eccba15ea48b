/** Tokens that Daypass signs for any other audience. */
@NullMarked
package io.daypass.cloud.oidc;

import org.jspecify.annotations.NullMarked;

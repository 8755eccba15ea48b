package io.daypass.sandbox.oidc;

import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Somebody signed in for a client.
 *
 * @param signedInAt becomes {@code auth_time}
 * @param nonce of the authorization request, if it had one
 * @param session of the browser in which they signed in
 */
record SignIn(
    Person person, String clientId, Instant signedInAt, @Nullable String nonce, String session) {

  Optional<String> nonceIfAny() {
    return Optional.ofNullable(nonce);
  }
}

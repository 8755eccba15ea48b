package io.daypass.request;

import io.daypass.identity.CallerId;
import io.daypass.policy.Role;
import io.daypass.policy.Wish;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** SHA-256 over everything that an approval approves; any change of it voids the approval. */
final class RequestDigest {

  private final MessageDigest sha256;

  private RequestDigest() {
    try {
      sha256 = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every JDK has SHA-256", e);
    }
  }

  static String of(CallerId requester, Role role, Wish wish, @Nullable Instant startsAt) {
    var digest = new RequestDigest();
    digest.add("daypass request v1");
    digest.add(requester);
    digest.add(role.name());
    digest.add(role.digest());
    digest.add(wish, startsAt);
    return HexFormat.of().formatHex(digest.sha256.digest());
  }

  /**
   * Over what was asked, whatever the policies said of it: to tell a repeated call from another.
   */
  static String of(CallerId requester, Asking asking) {
    var digest = new RequestDigest();
    digest.add("daypass call v1");
    digest.add(requester);
    digest.add(asking.role());
    digest.add(asking.wish(), asking.startsAt());
    return HexFormat.of().formatHex(digest.sha256.digest());
  }

  private void add(CallerId requester) {
    add(requester.issuer());
    add(requester.subject());
  }

  private void add(Wish wish, @Nullable Instant startsAt) {
    add(Long.toString(wish.duration().toSeconds()));
    add(wish.reason());
    add(wish.ticket());
    add(startsAt == null ? null : startsAt.toString());
  }

  // Each part with its length before it, so that no two lists of parts read the same.
  private void add(@Nullable String part) {
    if (part == null) {
      sha256.update("-;".getBytes(StandardCharsets.UTF_8));
      return;
    }
    var bytes = part.getBytes(StandardCharsets.UTF_8);
    sha256.update((bytes.length + ":").getBytes(StandardCharsets.UTF_8));
    sha256.update(bytes);
  }
}

package io.daypass.sandbox.aws;

import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Base64;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The keys the stand-in gave out, in memory only; the oldest give way. */
final class Sessions {

  private static final String LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

  private final SecureRandom random;
  private final int most;
  private final Map<String, Session> byKeyId = new ConcurrentHashMap<>();
  private final ArrayDeque<String> order = new ArrayDeque<>();

  /** What a session is for, as its assertion and the call said. */
  record Terms(
      StandInRole role,
      String name,
      @Nullable String sourceIdentity,
      Map<String, String> tags,
      @Nullable PolicyDocument policy,
      Instant issuedAt,
      Instant expiresAt) {}

  /** Keys and what they are for; prints no secret. */
  record Session(String accessKeyId, String secretAccessKey, String sessionToken, Terms terms) {

    String arn() {
      return "arn:aws:sts::"
          + terms.role().account()
          + ":assumed-role/"
          + terms.role().name()
          + "/"
          + terms.name();
    }

    String userId() {
      return roleId(terms.role()) + ":" + terms.name();
    }

    /** What policies may ask about, at {@code now}; keys in lower case. */
    Map<String, String> context(Instant now) {
      var context = new HashMap<String, String>();
      context.put("aws:currenttime", now.toString());
      context.put("aws:tokenissuetime", terms.issuedAt().toString());
      context.put("aws:userid", userId());
      context.put("aws:principalarn", terms.role().arn());
      context.put("aws:principalaccount", terms.role().account());
      var source = terms.sourceIdentity();
      if (source != null) {
        context.put("aws:sourceidentity", source);
      }
      terms
          .tags()
          .forEach((key, value) ->
              context.put("aws:principaltag/" + key.toLowerCase(Locale.ROOT), value));
      return context;
    }

    @Override
    public String toString() {
      return "session " + accessKeyId;
    }
  }

  /** Remembers {@code most} of them. */
  Sessions(SecureRandom random, int most) {
    this.random = random;
    this.most = most;
  }

  Session open(Terms terms) {
    var bytes = new byte[300];
    random.nextBytes(bytes);
    var keyId = new StringBuilder("ASIA");
    for (int i = 0; i < 16; i++) {
      keyId.append(LETTERS.charAt(bytes[i] & 31));
    }
    // 30 bytes are the 40 characters of a secret access key; the rest makes the token.
    var secret = Base64.getEncoder().encodeToString(java.util.Arrays.copyOfRange(bytes, 16, 46));
    var token =
        "FwoGZXIvYXdz"
            + Base64.getEncoder().encodeToString(java.util.Arrays.copyOfRange(bytes, 46, 298));
    var session = new Session(keyId.toString(), secret, token, terms);
    byKeyId.put(session.accessKeyId(), session);
    synchronized (order) {
      order.addLast(session.accessKeyId());
      if (order.size() > most) {
        byKeyId.remove(order.removeFirst());
      }
    }
    return session;
  }

  Optional<Session> get(String accessKeyId) {
    return Optional.ofNullable(byKeyId.get(accessKeyId));
  }

  static String roleId(StandInRole role) {
    var id = new StringBuilder("AROA");
    long seed = role.arn().hashCode() * 0x9E3779B97F4A7C15L;
    for (int i = 0; i < 17; i++) {
      seed = seed * 6364136223846793005L + 1442695040888963407L;
      id.append(LETTERS.charAt((int) (seed >>> 59)));
    }
    return id.toString();
  }
}

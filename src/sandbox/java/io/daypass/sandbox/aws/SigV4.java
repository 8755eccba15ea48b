package io.daypass.sandbox.aws;

import io.daypass.sandbox.http.Ask;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Verifies who signed a request (IAM user guide, "AWS Signature Version 4 for API requests"). */
final class SigV4 {

  private static final Pattern HEADER =
      Pattern.compile(
          "AWS4-HMAC-SHA256 Credential=([A-Z0-9]{16,128})/([0-9]{8})/([a-z0-9-]+)/([a-z]+)"
              + "/aws4_request, ?SignedHeaders=([a-z0-9;-]+), ?Signature=([0-9a-f]{64})");
  private static final DateTimeFormatter STAMP =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'");
  private static final Duration SKEW = Duration.ofMinutes(5);

  private final Sessions sessions;
  private final InstantSource clock;

  private record Signed(
      String keyId, String day, String region, String service, String headers, String signature) {

    String scope() {
      return day + "/" + region + "/" + service + "/aws4_request";
    }
  }

  SigV4(Sessions sessions, InstantSource clock) {
    this.sessions = sessions;
    this.clock = clock;
  }

  /**
   * The live session whose keys signed {@code ask} for {@code service}.
   *
   * @throws Refused if nobody's did
   */
  Sessions.Session signer(Ask ask, String service) {
    var header =
        ask.header("Authorization")
            .orElseThrow(() ->
                new Refused(
                    403, "MissingAuthenticationToken", "Request is missing Authentication Token"));
    var matcher = HEADER.matcher(header);
    if (!matcher.matches()) {
      throw new Refused(
          400, "IncompleteSignature", "Authorization header is not complete or not SigV4.");
    }
    var signed =
        new Signed(
            matcher.group(1),
            matcher.group(2),
            matcher.group(3),
            matcher.group(4),
            matcher.group(5),
            matcher.group(6));
    var stamp = ask.header("X-Amz-Date").orElse("");
    checkScope(signed, stamp, service);
    var session = session(ask, signed.keyId());
    var expected = signature(ask, signed, stamp, session.secretAccessKey());
    if (!MessageDigest.isEqual(bytes(expected), bytes(signed.signature()))) {
      throw mismatch(
          "The request signature we calculated does not match the signature you provided.");
    }
    return session;
  }

  private void checkScope(Signed signed, String stamp, String service) {
    if (!signed.service().equals(service)) {
      throw mismatch("Credential should be scoped to correct service: '" + service + "'.");
    }
    var at = time(stamp);
    var now = clock.instant();
    if (!stamp.startsWith(signed.day()) || Duration.between(at, now).abs().compareTo(SKEW) > 0) {
      throw mismatch("Signature expired: " + stamp + " is not within 5 minutes of " + now);
    }
    var headers = List.of(signed.headers().split(";", -1));
    if (!headers.contains("host")
        || !headers.contains("x-amz-date")
        || !headers.equals(headers.stream().sorted().toList())) {
      throw mismatch("'Host' and 'X-Amz-Date' must be signed headers.");
    }
  }

  private Sessions.Session session(Ask ask, String keyId) {
    var session =
        sessions
            .get(keyId)
            .filter(s ->
                MessageDigest.isEqual(
                    bytes(ask.header("X-Amz-Security-Token").orElse("")), bytes(s.sessionToken())))
            .orElseThrow(() ->
                new Refused(
                    403,
                    "InvalidClientTokenId",
                    "The security token included in the request is invalid."));
    if (!clock.instant().isBefore(session.terms().expiresAt())) {
      throw new Refused(
          403, "ExpiredToken", "The security token included in the request is expired");
    }
    return session;
  }

  private static String signature(Ask ask, Signed signed, String stamp, String secret) {
    var canonical =
        String.join(
            "\n",
            ask.method(),
            ask.path(),
            query(ask.rawQuery()),
            Arrays.stream(signed.headers().split(";", -1))
                .map(name -> name + ":" + header(ask, name) + "\n")
                .collect(Collectors.joining()),
            signed.headers(),
            hex(sha256(ask.body().getBytes())));
    var toSign =
        String.join("\n", "AWS4-HMAC-SHA256", stamp, signed.scope(), hex(sha256(bytes(canonical))));
    var key = hmac(bytes("AWS4" + secret), signed.day());
    for (var part : List.of(signed.region(), signed.service(), "aws4_request")) {
      key = hmac(key, part);
    }
    return hex(hmac(key, toSign));
  }

  private static String header(Ask ask, String name) {
    return ask.headers().getAll(name).stream()
        .map(value -> value.strip().replaceAll(" +", " "))
        .collect(Collectors.joining(","));
  }

  private static String query(String raw) {
    return Arrays.stream(raw.split("&", -1))
        .filter(part -> !part.isEmpty())
        .map(part -> part.indexOf('=') < 0 ? part + "=" : part)
        .sorted()
        .collect(Collectors.joining("&"));
  }

  private static Instant time(String stamp) {
    try {
      return LocalDateTime.parse(stamp, STAMP).toInstant(ZoneOffset.UTC);
    } catch (DateTimeException e) {
      throw new Refused(400, "IncompleteSignature", "Date must be in ISO-8601 'basic format'.");
    }
  }

  private static Refused mismatch(String words) {
    return new Refused(403, "SignatureDoesNotMatch", words);
  }

  private static byte[] hmac(byte[] key, String text) {
    try {
      var mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      return mac.doFinal(bytes(text));
    } catch (GeneralSecurityException e) {
      throw new AssertionError("every JDK has HmacSHA256", e);
    }
  }

  private static byte[] sha256(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (GeneralSecurityException e) {
      throw new AssertionError("every JDK has SHA-256", e);
    }
  }

  /** SHA-256 of {@code secret}, hex: what may be written down of it. */
  static String fingerprint(String secret) {
    return hex(sha256(bytes(secret)));
  }

  private static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}

package io.daypass.e2e;

import io.daypass.sandbox.http.Fault;
import io.daypass.sandbox.oidc.SigningKeys;
import io.vertx.core.json.JsonObject;
import java.math.BigInteger;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.interfaces.RSAPublicKey;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;

/** Tokens that are not, or not quite, what they say. */
final class Forgeries {

  private static final String WEAK = "weak";
  private static final KeyPair WEAK_KEY = weakKey();

  private final World world;

  Forgeries(World world) {
    this.world = world;
  }

  /** From now on the issuer of runs publishes, beside its own, a key that is too weak. */
  static void publishWeakKey(World world) {
    var key = (RSAPublicKey) WEAK_KEY.getPublic();
    var jwk =
        new JsonObject()
            .put("kty", "RSA")
            .put("alg", "RS256")
            .put("use", "sig")
            .put("kid", WEAK)
            .put("n", base64(unsigned(key.getModulus())))
            .put("e", base64(unsigned(key.getPublicExponent())));
    world
        .sandbox
        .github()
        .provider()
        .keysFaults()
        .always(
            new Fault.Rewrite(reply -> {
              var set = new JsonObject(reply.body());
              set.getJsonArray("keys").add(jwk);
              return reply.withBody(set.encode());
            }));
  }

  /** A run's genuine token, with other claims. */
  String run(Map<String, Object> claims) {
    var all = new LinkedHashMap<String, Object>(Map.of("aud", world.url()));
    all.putAll(claims);
    return world.sandbox.github().token(all);
  }

  /** Somebody of the company who is in the group of engineers, with {@code email}. */
  String engineer(String subject, String email) {
    return world
        .sandbox
        .staff()
        .token(
            "alice",
            "daypass",
            Duration.ofHours(1),
            Map.of("sub", subject, "email", email, "name", subject));
  }

  /** A run's token with another header over its signature. */
  String header(Map<String, Object> members) {
    var header = new JsonObject().put("alg", "RS256").put("typ", "JWT");
    header.put("kid", world.sandbox.github().provider().keys().keyId());
    members.forEach(header::put);
    var rest = world.run().split("\\.", 2)[1];
    return base64(header.encode()) + "." + rest;
  }

  /** A run's token with other claims under its signature. */
  String tampered() {
    var parts = world.run().split("\\.", -1);
    return parts[0] + "." + base64(claims(parts[1]).put("run_id", "2").encode()) + "." + parts[2];
  }

  /** A run's token, signed by a key that its issuer publishes and that is too weak. */
  String weak() {
    var header = new JsonObject().put("alg", "RS256").put("typ", "JWT").put("kid", WEAK);
    var input = base64(header.encode()) + "." + world.run().split("\\.", -1)[1];
    try {
      var signature = Signature.getInstance("SHA256withRSA");
      signature.initSign(WEAK_KEY.getPrivate());
      signature.update(input.getBytes(StandardCharsets.US_ASCII));
      return input + "." + base64(signature.sign());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  static String unsigned(String token) {
    return token.substring(0, token.lastIndexOf('.') + 1);
  }

  static String jwe() {
    return base64("{\"alg\":\"RSA-OAEP\",\"enc\":\"A256GCM\"}") + ".AAAA.AAAA.AAAA.AAAA";
  }

  /** What {@code issuer} would say, by a key that nobody published. */
  String forged(String issuer) {
    long now = Instant.now().getEpochSecond();
    return SigningKeys.fresh()
        .sign(
            Map.of(
                "iss",
                issuer,
                "aud",
                world.url(),
                "sub",
                "repo:acme/shop:ref:refs/heads/main",
                "iat",
                now,
                "exp",
                now + 300,
                "jti",
                "forged"));
  }

  String issuer() {
    return world.sandbox.github().provider().issuer();
  }

  /** The broker's own assertion, as the cloud got it. */
  String assertion(Api api) {
    api.credentials("worker", world.pod()).is(200);
    return URLDecoder.decode(world.gate.assertions().getLast(), StandardCharsets.UTF_8);
  }

  private static JsonObject claims(String part) {
    return new JsonObject(new String(Base64.getUrlDecoder().decode(part), StandardCharsets.UTF_8));
  }

  static String base64(String text) {
    return base64(text.getBytes(StandardCharsets.UTF_8));
  }

  private static String base64(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  private static byte[] unsigned(BigInteger number) {
    var bytes = number.toByteArray();
    return bytes[0] == 0 ? Arrays.copyOfRange(bytes, 1, bytes.length) : bytes;
  }

  private static KeyPair weakKey() {
    try {
      var generator = KeyPairGenerator.getInstance("RSA");
      generator.initialize(1024);
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}

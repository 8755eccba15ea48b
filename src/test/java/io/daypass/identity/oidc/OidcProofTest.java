package io.daypass.identity.oidc;

import static io.daypass.identity.oidc.TestIssuer.NOW;
import static io.daypass.identity.oidc.TestIssuer.PATIENT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.amazon.corretto.crypto.provider.AmazonCorrettoCryptoProvider;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.util.JSONObjectUtils;
import io.daypass.identity.IdentityVerifier;
import io.daypass.identity.Rejection;
import io.daypass.identity.TokenProof.Proof;
import io.daypass.identity.Verification;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.Provider;
import java.security.interfaces.ECPublicKey;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@NullUnmarked // hands in nulls on purpose
@Timeout(60)
class OidcProofTest {

  private static final SigningKey EC = SigningKey.es256("ec-1");
  private static final SigningKey RSA = SigningKey.rsa("rsa-1", "RS256", 2048);
  private static final Provider CORRETTO = AmazonCorrettoCryptoProvider.INSTANCE;

  private static TestIssuer issuer;
  private static TestIssuer other;

  private OidcProof proof =
      OidcProof.idle(
          List.of(issuer.trusted(), other.trusted("other", null)), CORRETTO, () -> NOW, PATIENT);

  @BeforeAll
  static void start() {
    issuer = new TestIssuer(EC, RSA);
    other = new TestIssuer(EC.named("other-1"), SigningKey.es256("ec-1"));
  }

  @AfterEach
  void stop() {
    proof.close();
  }

  @AfterAll
  static void stopIssuers() {
    issuer.close();
    other.close();
  }

  @Test
  void a_token_signed_by_its_issuers_key_is_proved() {
    assertThat(proof.prove(EC.token(issuer.claims()))).isInstanceOf(Proof.Signed.class);
    assertThat(proof.prove(RSA.token(issuer.claims()))).isInstanceOf(Proof.Signed.class);
  }

  @Test
  void the_jdks_own_provider_proves_the_same() {
    proof.close();
    proof = OidcProof.idle(List.of(issuer.trusted()), null, () -> NOW, PATIENT);
    assertThat(proof.prove(EC.token(issuer.claims()))).isInstanceOf(Proof.Signed.class);
    assertThat(proof.prove(RSA.token(issuer.claims()))).isInstanceOf(Proof.Signed.class);
    var forged = SigningKey.es256("ec-1").token(issuer.claims());
    assertThat(refusal(forged)).isEqualTo(Rejection.SIGNATURE_INVALID);
  }

  @Test
  void every_asymmetric_algorithm_verifies_with_its_own_key_and_no_other() {
    var keys = new ArrayList<SigningKey>();
    for (var algorithm : List.of("RS256", "RS384", "RS512")) {
      keys.add(new SigningKey(algorithm, algorithm, RSA.pair()));
    }
    keys.add(EC.named("ES256"));
    keys.add(SigningKey.ec("ES384", "ES384", "secp384r1"));
    keys.add(SigningKey.ec("ES512", "ES512", "secp521r1"));
    try (var many = new TestIssuer(keys.toArray(SigningKey[]::new));
        var all = OidcProof.idle(List.of(many.trusted()), CORRETTO, () -> NOW, PATIENT)) {
      for (var key : keys) {
        assertThat(all.prove(key.token(many.claims()))).isInstanceOf(Proof.Signed.class);
        for (var wrong : keys) {
          var header = with(key.header(), "kid", wrong.kid());
          if (!wrong.equals(key)) {
            assertThat(all.prove(key.token(header, many.claims())))
                .isEqualTo(new Proof.Unsigned(Rejection.ALGORITHM_NOT_ALLOWED));
          }
        }
      }
    }
  }

  @Test
  void rsa_pss_verifies_where_the_key_says_so() throws Exception {
    var pss = new SigningKey("pss", "PS256", RSA.pair());
    try (var psIssuer = new TestIssuer(pss);
        var pssProof = OidcProof.idle(List.of(psIssuer.trusted()), CORRETTO, () -> NOW, PATIENT)) {
      var input = input(pss.header(), psIssuer.claims());
      var signature =
          new RSASSASigner(RSA.pair().getPrivate())
              .sign(new JWSHeader(JWSAlgorithm.PS256), input.getBytes(StandardCharsets.US_ASCII));
      assertThat(pssProof.prove(input + "." + signature)).isInstanceOf(Proof.Signed.class);
      assertThat(pssProof.prove(pss.sealed(input)))
          .isEqualTo(new Proof.Unsigned(Rejection.SIGNATURE_INVALID));
    }
  }

  @Test
  void a3_algorithm_confusion_is_refused() throws Exception {
    var input = input(with(EC.header(), "alg", "HS256"), issuer.claims());
    var publicKeyAsSecret = Arrays.copyOf(EC.pair().getPublic().getEncoded(), 64);
    var mac =
        new MACSigner(publicKeyAsSecret)
            .sign(new JWSHeader(JWSAlgorithm.HS256), input.getBytes(StandardCharsets.US_ASCII));
    assertThat(refusal(input + "." + mac)).isEqualTo(Rejection.ALGORITHM_NOT_ALLOWED);
  }

  @Test
  void a3_the_algorithm_comes_from_the_key_and_not_from_the_header() {
    assertThat(refusal(RSA.token(with(RSA.header(), "alg", "RS512"), issuer.claims())))
        .isEqualTo(Rejection.ALGORITHM_NOT_ALLOWED);
    assertThat(refusal(RSA.token(with(RSA.header(), "alg", "PS256"), issuer.claims())))
        .isEqualTo(Rejection.ALGORITHM_NOT_ALLOWED);
    assertThat(refusal(RSA.token(with(RSA.header(), "kid", "ec-1"), issuer.claims())))
        .isEqualTo(Rejection.ALGORITHM_NOT_ALLOWED);
  }

  @Test
  void a4_unsigned_tokens_are_refused() {
    var claims = SigningKey.encode(JSONObjectUtils.toJSONString(issuer.claims()));
    for (var none : List.of("none", "None", "NONE", "nOnE")) {
      var header = SigningKey.encode(JSONObjectUtils.toJSONString(with(EC.header(), "alg", none)));
      assertThat(refusal(header + "." + claims + ".")).isEqualTo(Rejection.TOKEN_MALFORMED);
      assertThat(refusal(header + "." + claims + ".AAAA"))
          .isEqualTo(Rejection.ALGORITHM_NOT_ALLOWED);
    }
    var token = EC.token(issuer.claims());
    assertThat(refusal(token.substring(0, token.lastIndexOf('.') + 1)))
        .isEqualTo(Rejection.TOKEN_MALFORMED);
  }

  @Test
  void a4_a_signature_of_zeros_is_refused() {
    var token = EC.token(issuer.claims());
    var zeros = SigningKey.encode(new byte[64]);
    assertThat(refusal(token.substring(0, token.lastIndexOf('.') + 1) + zeros))
        .isEqualTo(Rejection.SIGNATURE_INVALID);
  }

  @Test
  void a5_encrypted_nested_and_json_forms_are_refused_by_their_shape() {
    var part = SigningKey.encode("{\"alg\":\"RSA-OAEP\",\"enc\":\"A256GCM\"}");
    assertThat(refusal(String.join(".", part, part, part, part, part)))
        .isEqualTo(Rejection.TOKEN_MALFORMED);
    var inner = EC.token(issuer.claims());
    assertThat(refusal(EC.token(EC.header().toString(), inner)))
        .isEqualTo(Rejection.TOKEN_MALFORMED);
    assertThat(refusal(EC.token(with(EC.header(), "cty", "JWT"), issuer.claims())))
        .isEqualTo(Rejection.HEADER_NOT_ALLOWED);
    assertThat(refusal("{\"payload\":\"e30\",\"protected\":\"e30\",\"signature\":\"AA\"}"))
        .isEqualTo(Rejection.TOKEN_MALFORMED);
    assertThat(refusal(inner + "." + inner)).isEqualTo(Rejection.TOKEN_MALFORMED);
  }

  @Test
  void a6_a_header_that_brings_or_points_to_a_key_is_refused_and_nothing_is_dialled() {
    try (var trap = new TestIssuer(EC)) {
      var brought =
          Map.<String, Object>of(
              "jku",
              trap.url() + "/keys",
              "x5u",
              trap.url() + "/keys",
              "jwk",
              EC.jwk(),
              "x5c",
              List.of("MIIB"),
              "crit",
              List.of("exp"),
              "b64",
              false,
              "zip",
              "DEF",
              "anything",
              "else");
      brought.forEach((name, value) ->
          assertThat(refusal(EC.token(with(EC.header(), name, value), issuer.claims())))
              .as(name)
              .isEqualTo(Rejection.HEADER_NOT_ALLOWED));
      assertThat(trap.fetches() + trap.discoveries()).isZero();
    }
  }

  @Test
  void a6_a_thumbprint_is_refused_unless_the_issuers_own_entry_for_the_key_has_it() {
    for (var name : List.of("x5t", "x5t#S256")) {
      assertThat(refusal(EC.token(with(EC.header(), name, "abc"), issuer.claims())))
          .isEqualTo(Rejection.HEADER_NOT_ALLOWED);
      try (var withCertificate = new TestIssuer()) {
        withCertificate.publish(List.of(with(EC.jwk(), name, "abc")));
        var keys = OidcProof.idle(List.of(withCertificate.trusted()), CORRETTO, () -> NOW, PATIENT);
        var claims = withCertificate.claims();
        assertThat(keys.prove(EC.token(with(EC.header(), name, "abc"), claims)))
            .isInstanceOf(Proof.Signed.class);
        assertThat(keys.prove(EC.token(with(EC.header(), name, "abd"), claims)))
            .isEqualTo(new Proof.Unsigned(Rejection.HEADER_NOT_ALLOWED));
        keys.close();
      }
    }
  }

  @Test
  void a7_a_kid_is_looked_up_in_memory_with_its_issuer() {
    // Both issuers have an "ec-1": the key of the one proves nothing of the other.
    assertThat(refusal(EC.token(other.claims()))).isEqualTo(Rejection.SIGNATURE_INVALID);
    assertThat(refusal(EC.named("other-1").token(issuer.claims())))
        .isEqualTo(Rejection.KEY_UNKNOWN);
  }

  @Test
  void a7_a_kid_is_1_to_128_printable_ascii_and_never_missing() {
    var before = issuer.fetches();
    var kids =
        List.of(
            "", " ", "k".repeat(129), "../../etc/passwd\u0001", "ключ", "a\nb", "' OR 1=1 --\t");
    for (var kid : kids) {
      assertThat(refusal(EC.named(kid).token(issuer.claims()))).isEqualTo(Rejection.KEY_UNKNOWN);
    }
    var without = EC.header();
    without.remove("kid");
    assertThat(refusal(EC.token(without, issuer.claims()))).isEqualTo(Rejection.KEY_UNKNOWN);
    assertThat(refusal(EC.token(with(EC.header(), "kid", 1), issuer.claims())))
        .isEqualTo(Rejection.TOKEN_MALFORMED);
    assertThat(issuer.fetches()).as("none of them asks the issuer").isEqualTo(before);
  }

  @Test
  void a10_an_issuer_is_believed_only_byte_for_byte_and_nothing_else_is_fetched() {
    try (var stranger = new TestIssuer(EC)) {
      var url = issuer.url();
      for (var iss :
          List.of(
              stranger.url(),
              url + "/",
              url + "x",
              url.replace("127.0.0.1", "127.0.0.1."),
              url.toUpperCase(Locale.ROOT),
              url.replace("http", "https"),
              " " + url,
              url + "\u200b",
              ".*",
              "staff")) {
        assertThat(refusal(EC.token(with(issuer.claims(), "iss", iss))))
            .isEqualTo(Rejection.ISSUER_UNKNOWN);
      }
      assertThat(stranger.fetches() + stranger.discoveries()).isZero();
    }
  }

  @Test
  void a13_a_token_over_16_kib_is_refused_before_it_is_decoded() {
    var largest = "a".repeat(16 * 1024);
    assertThat(refusal(largest)).isEqualTo(Rejection.TOKEN_MALFORMED);
    assertThat(refusal(largest + "a")).isEqualTo(Rejection.TOKEN_TOO_LARGE);
    assertThat(refusal(EC.token(with(issuer.claims(), "fill", "x".repeat(16 * 1024)))))
        .isEqualTo(Rejection.TOKEN_TOO_LARGE);
  }

  @Test
  void a13_a_token_nested_deeper_than_8_is_refused() {
    assertThat(proof.prove(EC.token(with(issuer.claims(), "deep", nested(7)))))
        .isInstanceOf(Proof.Signed.class);
    assertThat(refusal(EC.token(with(issuer.claims(), "deep", nested(8)))))
        .isEqualTo(Rejection.TOKEN_MALFORMED);
    var claims = "{\"deep\":" + "[".repeat(5000) + "]".repeat(5000) + "}";
    var header = JSONObjectUtils.toJSONString(EC.header());
    assertThat(refusal(EC.token(header, claims))).isEqualTo(Rejection.TOKEN_MALFORMED);
  }

  @Test
  void a13_compression_and_passwords_are_refused() {
    for (var header :
        List.of(
            with(EC.header(), "zip", "DEF"),
            with(with(EC.header(), "alg", "PBES2-HS256+A128KW"), "p2c", 1_000_000_000))) {
      assertThat(refusal(EC.token(header, issuer.claims())))
          .isEqualTo(Rejection.HEADER_NOT_ALLOWED);
    }
    assertThat(refusal(EC.token(with(EC.header(), "alg", "PBES2-HS256+A128KW"), issuer.claims())))
        .isEqualTo(Rejection.ALGORITHM_NOT_ALLOWED);
  }

  @Test
  void a14_a_header_or_issuer_of_the_wrong_type_is_refused() {
    for (var name : List.of("alg", "typ", "kid", "x5t")) {
      for (var value : Arrays.asList(1, true, List.of("JWT"), Map.of(), null)) {
        assertThat(refusal(EC.token(headerText(name, value), claimsText())))
            .isEqualTo(Rejection.TOKEN_MALFORMED);
      }
    }
    assertThat(refusal(EC.token(with(issuer.claims(), "iss", List.of(issuer.url())))))
        .isEqualTo(Rejection.CLAIM_WRONG_TYPE);
    var without = issuer.claims();
    without.remove("iss");
    assertThat(refusal(EC.token(without))).isEqualTo(Rejection.CLAIM_MISSING);
  }

  @Test
  void a16_a_token_written_another_way_is_either_refused_or_the_same_token() {
    var claims = issuer.claims();
    var token = EC.token(claims);
    for (var variant :
        List.of(token + "=", token + "==", token + "\n", " " + token, token + ".", token + "A")) {
      assertThat(proof.prove(variant)).isInstanceOf(Proof.Unsigned.class);
    }
    // The last character of a 64-byte signature carries four unused bits.
    var last = token.charAt(token.length() - 1);
    for (var c : "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".toCharArray()) {
      if (c != last) {
        var variant = token.substring(0, token.length() - 1) + c;
        assertThat(proof.prove(variant)).isInstanceOf(Proof.Unsigned.class);
      }
    }
    // ECDSA signatures have a twin (r, n - s) that verifies too: other text, same token.
    assertThat(replayKey(twin(token))).isEqualTo(replayKey(token));
    assertThat(twin(token)).isNotEqualTo(token);
  }

  @Test
  void a16_without_a_jti_each_token_has_a_replay_key_of_its_own() {
    var first = EC.token(issuer.claims());
    var second = EC.token(with(issuer.claims(), "sub", "job-2"));
    assertThat(replayKey(first)).isNotEqualTo(replayKey(second));
    assertThat(replayKey(EC.token(with(issuer.claims(), "jti", "1"))))
        .isEqualTo(replayKey(EC.token(with(with(issuer.claims(), "jti", "1"), "x", 1))));
  }

  @Test
  void a17_tokens_of_another_kind_are_refused() {
    for (var type :
        List.of(
            "at+jwt",
            "application/at+jwt",
            "logout+jwt",
            "secevent+jwt",
            "dpop+jwt",
            "daypass-assertion+jwt",
            "JOSE",
            "")) {
      assertThat(refusal(EC.token(with(EC.header(), "typ", type), issuer.claims())))
          .isEqualTo(Rejection.TOKEN_TYPE_NOT_ALLOWED);
    }
    var without = EC.header();
    without.remove("typ");
    assertThat(proof.prove(EC.token(without, issuer.claims()))).isInstanceOf(Proof.Signed.class);
    for (var type : List.of("jwt", "application/jwt")) {
      assertThat(proof.prove(EC.token(with(EC.header(), "typ", type), issuer.claims())))
          .isInstanceOf(Proof.Signed.class);
    }
  }

  @Test
  void a19_claims_are_those_of_the_verified_bytes() {
    var signed = (Proof.Signed) proof.prove(EC.token(with(issuer.claims(), "n", nested(2))));
    assertThat(signed.claims())
        .containsEntry("sub", "job-1")
        .containsEntry("exp", NOW.plusSeconds(300).getEpochSecond());
    var token = EC.token(issuer.claims());
    var others = SigningKey.encode(JSONObjectUtils.toJSONString(with(issuer.claims(), "sub", "x")));
    var mixed =
        token.substring(0, token.indexOf('.') + 1)
            + others
            + token.substring(token.lastIndexOf('.'));
    assertThat(refusal(mixed)).isEqualTo(Rejection.SIGNATURE_INVALID);
  }

  @Test
  void a19_duplicate_members_are_refused_at_every_depth() {
    var header = JSONObjectUtils.toJSONString(EC.header());
    var claims = JSONObjectUtils.toJSONString(issuer.claims());
    for (var more :
        List.of(
            "\"sub\":\"admin\"",
            "\"s\\u0075b\":\"admin\"",
            "\"o\":{\"a\":1,\"a\":2}",
            "\"o\":[{\"a\":1,\"a\":1}]")) {
      assertThat(refusal(EC.token(header, inserted(claims, more))))
          .isEqualTo(Rejection.TOKEN_MALFORMED);
    }
    assertThat(refusal(EC.token(inserted(header, "\"alg\":\"ES256\""), claims)))
        .isEqualTo(Rejection.TOKEN_MALFORMED);
  }

  @Test
  void a20_a_token_is_either_verified_or_refused_and_never_both() {
    var verifier = new IdentityVerifier(proof, () -> NOW);
    assertThat(verifier.verify(EC.token(issuer.claims())))
        .isInstanceOf(Verification.Verified.class);
    assertThat(verifier.verify(EC.token(with(issuer.claims(), "aud", "elsewhere"))))
        .isEqualTo(new Verification.Rejected(Rejection.AUDIENCE_MISMATCH));
    assertThat(Verification.class.isSealed()).isTrue();
    assertThat(Proof.class.isSealed()).isTrue();
  }

  @Test
  void a21_a_proof_names_the_issuer_whose_key_it_was() {
    var signed = (Proof.Signed) proof.prove(EC.named("other-1").token(other.claims()));
    assertThat(signed.issuer().name()).isEqualTo("other");
    assertThat(refusal(EC.named("other-1").token(issuer.claims())))
        .isEqualTo(Rejection.KEY_UNKNOWN);
  }

  @Test
  void a22_what_is_not_exactly_a_token_is_refused() {
    var token = EC.token(issuer.claims());
    for (var text :
        List.of(
            "",
            ".",
            "..",
            "...",
            "Bearer " + token,
            token + " ",
            "\t" + token,
            token + "," + token,
            token.replace('.', ' '),
            "ключ.ключ.ключ",
            "\0",
            "e30.e30.e30",
            "a.b.c")) {
      assertThat(proof.prove(text)).isInstanceOf(Proof.Unsigned.class);
    }
  }

  @Test
  void a23_an_unknown_algorithm_is_refused() {
    for (var algorithm : List.of("ES256K", "EdDSA", "RS1", "ES257", "es256", "", "HS512", "*")) {
      assertThat(refusal(EC.token(with(EC.header(), "alg", algorithm), issuer.claims())))
          .isEqualTo(Rejection.ALGORITHM_NOT_ALLOWED);
    }
    // Before the key is looked for: no such token makes the broker ask the issuer.
    assertThat(refusal(EC.token(with(EC.named("new").header(), "alg", "HS256"), issuer.claims())))
        .isEqualTo(Rejection.ALGORITHM_NOT_ALLOWED);
    var without = EC.header();
    without.remove("alg");
    assertThat(refusal(EC.token(without, issuer.claims())))
        .isEqualTo(Rejection.ALGORITHM_NOT_ALLOWED);
  }

  @Test
  void two_entries_of_one_issuer_do_not_start() {
    assertThatThrownBy(() ->
            OidcProof.idle(
                List.of(issuer.trusted(), issuer.trusted("again", null)), null, () -> NOW, PATIENT))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private Rejection refusal(String token) {
    return ((Proof.Unsigned) proof.prove(token)).reason();
  }

  private String replayKey(String token) {
    var verification = new IdentityVerifier(proof, () -> NOW).verify(token);
    return ((Verification.Verified) verification).caller().token().replayKey();
  }

  private static Map<String, Object> with(Map<String, Object> map, String name, Object value) {
    var changed = new LinkedHashMap<>(map);
    changed.put(name, value);
    return changed;
  }

  private static String headerText(String name, Object value) {
    var header = with(EC.header(), name, value == null ? "null!" : value);
    return JSONObjectUtils.toJSONString(header).replace("\"null!\"", "null");
  }

  private static String input(Map<String, Object> header, Map<String, Object> claims) {
    return SigningKey.encode(JSONObjectUtils.toJSONString(header))
        + "."
        + SigningKey.encode(JSONObjectUtils.toJSONString(claims));
  }

  private String claimsText() {
    return JSONObjectUtils.toJSONString(issuer.claims());
  }

  private static String inserted(String object, String member) {
    return object.substring(0, object.length() - 1) + "," + member + "}";
  }

  /** A list that is {@code depth} deep. */
  private static Object nested(int depth) {
    return depth == 0 ? "x" : List.of(nested(depth - 1));
  }

  private static String twin(String token) {
    var dot = token.lastIndexOf('.');
    var signature = Base64.getUrlDecoder().decode(token.substring(dot + 1));
    var order = ((ECPublicKey) EC.pair().getPublic()).getParams().getOrder();
    var s = order.subtract(new BigInteger(1, Arrays.copyOfRange(signature, 32, 64)));
    var bytes = s.toByteArray();
    var padded = new byte[32];
    var length = Math.min(32, bytes.length);
    System.arraycopy(bytes, bytes.length - length, padded, 32 - length, length);
    System.arraycopy(padded, 0, signature, 32, 32);
    return token.substring(0, dot + 1) + SigningKey.encode(signature);
  }

  @Test
  void f34_an_error_does_not_end_the_look_at_the_issuers_keys() throws Exception {
    var looks = new AtomicInteger();
    var again = new CountDownLatch(5);
    InstantSource clock =
        () -> {
          again.countDown();
          if (looks.getAndIncrement() < 3) {
            throw new StackOverflowError();
          }
          return NOW;
        };
    try (var watching = OidcProof.idle(List.of(issuer.trusted()), CORRETTO, clock, PATIENT)) {
      watching.look(Duration.ofMillis(1));
      assertThat(again.await(20, TimeUnit.SECONDS)).isTrue();
    }
  }
}

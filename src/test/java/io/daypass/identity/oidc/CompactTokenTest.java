package io.daypass.identity.oidc;

import static io.daypass.identity.oidc.TestIssuer.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.util.JSONObjectUtils;
import io.daypass.identity.IdentityVerifier;
import io.daypass.identity.Rejection;
import io.daypass.identity.TokenProof.Proof;
import io.daypass.identity.Verification;
import java.math.BigInteger;
import java.security.interfaces.ECPublicKey;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Only three parts, written in one way, are a token. */
@NullUnmarked // hands in nulls on purpose
@Timeout(60)
class CompactTokenTest extends OidcProofFixture {

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

  private String replayKey(String token) {
    var verification = new IdentityVerifier(proof, () -> NOW).verify(token);
    return ((Verification.Verified) verification).caller().token().replayKey();
  }

  private static String inserted(String object, String member) {
    return object.substring(0, object.length() - 1) + "," + member + "}";
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
}

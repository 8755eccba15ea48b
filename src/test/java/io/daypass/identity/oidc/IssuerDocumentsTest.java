package io.daypass.identity.oidc;

import static io.daypass.identity.oidc.TestIssuer.PATIENT;
import static org.assertj.core.api.Assertions.assertThat;

import com.amazon.corretto.crypto.provider.AmazonCorrettoCryptoProvider;
import com.nimbusds.jose.util.JSONObjectUtils;
import com.sun.net.httpserver.HttpHandler;
import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Documents of an issuer that lead elsewhere, or are no keys. */
@NullUnmarked // hands in nulls on purpose
@Timeout(120)
class IssuerDocumentsTest extends IssuerKeysFixture {

  @Test
  void a11_redirects_are_not_followed() {
    try (var trap = new TestIssuer(first)) {
      for (var redirectKeys : List.of(true, false)) {
        issuer.comeBack(first);
        if (redirectKeys) {
          issuer.answerKeys(TestIssuer.redirect(trap.url() + "/keys"));
        } else {
          issuer.answerDiscovery(TestIssuer.redirect(trap.url() + "/keys"));
        }
        assertRefusedAsPoison();
      }
      assertThat(trap.fetches() + trap.discoveries()).isZero();
    }
  }

  @Test
  void a11_discovery_must_name_the_very_issuer_and_keys_on_its_own_origin() {
    try (var trap = new TestIssuer(first)) {
      var keys = issuer.url() + "/keys";
      for (var document :
          List.of(
              TestIssuer.discoveryDocument(issuer.url() + "/", keys),
              TestIssuer.discoveryDocument(trap.url(), keys),
              TestIssuer.discoveryDocument(issuer.url(), trap.url() + "/keys"),
              TestIssuer.discoveryDocument(issuer.url(), "https" + keys.substring(4)),
              TestIssuer.discoveryDocument(issuer.url(), keys.replace("//", "//user@")),
              TestIssuer.discoveryDocument(issuer.url(), "not a URI"),
              TestIssuer.discoveryDocument(issuer.url(), "file:///etc/passwd"),
              "{\"issuer\":\"" + issuer.url() + "\",\"jwks_uri\":[\"" + keys + "\"]}",
              "{\"issuer\":\"" + issuer.url() + "\"}",
              "<html>")) {
        issuer.answerDiscovery(TestIssuer.json(document));
        assertRefusedAsPoison();
      }
      assertThat(trap.fetches() + trap.discoveries()).isZero();
      assertThat(issuer.fetches()).isZero();
    }
  }

  @Test
  void a11_keys_elsewhere_are_taken_where_they_are_configured() {
    try (var elsewhere = new TestIssuer(first)) {
      proof.close();
      var keys = URI.create(elsewhere.url() + "/keys");
      proof =
          OidcProof.idle(
              List.of(issuer.trusted("staff", keys)),
              AmazonCorrettoCryptoProvider.INSTANCE,
              clock,
              PATIENT);
      assertSigned(first);
      assertThat(issuer.discoveries() + issuer.fetches()).isZero();
    }
  }

  @Test
  void a12_single_bad_keys_are_left_out_and_told_of() {
    var secret = new LinkedHashMap<>(second.jwk());
    secret.put("d", "AQAB");
    issuer.publish(List.of(first.jwk(), secret));
    try (var alarms = new Alarms()) {
      assertSigned(first);
      assertThat(alarms.events()).containsExactly("issuer.keys.fetched");
      assertThat(alarms.details().getFirst()).contains("it is a secret key").doesNotContain("AQAB");
    }
    assertThat(prove(second)).isEqualTo(KEY_UNKNOWN);
  }

  @Test
  void f27_a_poisoned_document_keeps_the_old_keys_and_raises_an_alarm() {
    assertSigned(first);
    var refused = 0;
    for (var poison : poisons()) {
      issuer.answerKeys(poison);
      clock.move(Limits.STANDARD.spacing());
      try (var alarms = new Alarms()) {
        assertThat(prove(SigningKey.es256("fresh-" + refused))).isEqualTo(UNAVAILABLE);
        assertThat(alarms.events()).containsExactly("issuer.keys.refused");
        assertThat(alarms.details().getFirst()).contains("issuer=\"staff\"");
      }
      assertThat(proof.health().getFirst().refused()).isEqualTo(++refused);
      assertSigned(first);
    }
    issuer.publish(first, second);
    clock.move(Limits.STANDARD.spacing());
    assertSigned(second);
  }

  private List<HttpHandler> poisons() {
    var many = new ArrayList<Map<String, Object>>();
    for (var i = 0; i < 65; i++) {
      many.add(first.named("k" + i).jwk());
    }
    return List.of(
        TestIssuer.json("<!doctype html><title>Sign in</title>"),
        TestIssuer.json(" ".repeat(10 * 1024 * 1024) + jwks(second)),
        TestIssuer.json("{\"keys\":[" + "{},".repeat(99_999) + "{}]}"),
        TestIssuer.json("{\"keys\":[" + "{},".repeat(64) + "{}]}"),
        TestIssuer.json(JSONObjectUtils.toJSONString(Map.of("keys", many))),
        TestIssuer.endless(),
        TestIssuer.json(""),
        TestIssuer.json("[]"),
        TestIssuer.json("{}"),
        TestIssuer.json("{\"keys\":{}}"),
        TestIssuer.json("{\"keys\":[1]}"),
        TestIssuer.json("{\"keys\":[],\"keys\":[]}"),
        TestIssuer.json("{\"keys\":" + "[".repeat(20_000) + "]".repeat(20_000) + "}"),
        TestIssuer.json(jwks(second.named("twice"), first.named("twice"))));
  }

  /** Refused with an alarm, and an outage for the token. */
  private void assertRefusedAsPoison() {
    try (var alarms = new Alarms()) {
      assertThat(prove(first)).isEqualTo(UNAVAILABLE);
      assertThat(alarms.events()).containsExactly("issuer.keys.refused");
    }
    clock.move(Limits.STANDARD.spacing());
  }
}

package io.daypass.identity.oidc;

import static io.daypass.identity.oidc.TestIssuer.NOW;
import static io.daypass.identity.oidc.TestIssuer.PATIENT;
import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.util.JSONObjectUtils;
import com.sun.net.httpserver.HttpHandler;
import io.daypass.identity.CodeGrant;
import io.daypass.identity.CodeGrant.Brought;
import io.daypass.identity.CodeGrant.Errand;
import io.daypass.identity.CodeGrant.Redeemed;
import io.daypass.identity.CodeGrant.Sending;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The pages as a client, at an issuer whose answers are scripted. */
@Timeout(60)
class WebClientTest {

  private static final String VERIFIER = "v".repeat(43);
  private static final URI REDIRECT = URI.create("https://daypass.example.com/sign-in/staff/done");

  private final TestIssuer issuer = new TestIssuer();
  private final AtomicReference<Instant> now = new AtomicReference<>(NOW);
  private final WebClients clients = new WebClients(now::get, PATIENT);
  private final CodeGrant client =
      clients.client(
          issuer.trusted(), new WebClients.Registration("the client", () -> "s:e cret", REDIRECT));
  private final Map<String, Object> discovery = new LinkedHashMap<>();

  WebClientTest() {
    discovery.put("issuer", issuer.url());
    discovery.put("authorization_endpoint", issuer.url() + "/authorize?tenant=1");
    discovery.put("token_endpoint", issuer.url() + "/token");
    publish();
  }

  private void publish() {
    issuer.answerDiscovery(TestIssuer.json(JSONObjectUtils.toJSONString(discovery)));
  }

  @AfterEach
  void stop() {
    clients.close();
    issuer.close();
  }

  private static Errand errand(boolean fresh) {
    return new Errand("the-state", "the-nonce", VERIFIER, fresh);
  }

  private String address(boolean fresh) {
    return ((Sending.To) client.send(errand(fresh))).address().toString();
  }

  @Test
  void people_are_sent_where_discovery_says_with_all_that_ties_the_answer_to_the_question() {
    assertThat(address(false))
        .startsWith(issuer.url() + "/authorize?")
        .contains(
            "tenant=1",
            "response_type=code",
            "client_id=the+client",
            "state=the-state",
            "nonce=the-nonce",
            "code_challenge_method=S256",
            // SHA-256 of the verifier, base64url.
            "code_challenge=" + challenge(),
            "redirect_uri=https%3A%2F%2Fdaypass.example.com%2Fsign-in%2Fstaff%2Fdone")
        .doesNotContain(VERIFIER, "prompt", "max_age", "s%3Ae", "secret");
    assertThat(address(true)).contains("prompt=login", "max_age=0");
  }

  private static String challenge() {
    try {
      var hash =
          java.security.MessageDigest.getInstance("SHA-256")
              .digest(VERIFIER.getBytes(StandardCharsets.US_ASCII));
      return Base64.getUrlEncoder().withoutPadding().encodeToString(hash);
    } catch (java.security.NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void only_scopes_that_the_issuer_knows_are_asked_for() {
    assertThat(address(false)).contains("scope=openid+profile+email&");
    discovery.put("scopes_supported", List.of("openid", "groups", "email", "offline_access"));
    publish();
    now.set(NOW.plus(Duration.ofHours(1)));
    assertThat(address(false)).contains("scope=openid+email+groups&");
  }

  @Test
  void w4_endpoints_come_from_the_discovery_of_the_issuer_alone() {
    var wrong = new HashMap<String, Object>();
    wrong.put("issuer", "https://evil.example");
    wrong.put("authorization_endpoint", "http://evil.example/authorize");
    wrong.put("token_endpoint", "http://evil.example/token");
    wrong.forEach((name, value) -> {
      var good = discovery.put(name, value);
      publish();
      assertThat(client.send(errand(false))).as(name).isEqualTo(new Sending.Unavailable());
      discovery.put(name, good == null ? "" : good);
    });
    for (var endpoint :
        List.of("", "not a url", "https://u:p@example.com/t", "https:///t", "x:y")) {
      discovery.put("token_endpoint", endpoint);
      publish();
      assertThat(client.send(errand(false))).as(endpoint).isEqualTo(new Sending.Unavailable());
    }
    discovery.remove("token_endpoint");
    publish();
    assertThat(client.send(errand(false))).isEqualTo(new Sending.Unavailable());
    // Some providers have them on another host.
    discovery.put("token_endpoint", "https://tokens.example.com/t");
    publish();
    assertThat(client.send(errand(false))).isInstanceOf(Sending.To.class);
  }

  @Test
  void a_redirect_or_an_endless_document_is_no_discovery() {
    issuer.answerDiscovery(exchange -> {
      exchange.getResponseHeaders().add("Location", "https://evil.example");
      exchange.sendResponseHeaders(302, -1);
    });
    assertThat(client.send(errand(false))).isEqualTo(new Sending.Unavailable());
    issuer.answerDiscovery(TestIssuer.json(" ".repeat(200_000)));
    assertThat(client.send(errand(false))).isEqualTo(new Sending.Unavailable());
    issuer.answerDiscovery(TestIssuer.status(500, "{}"));
    assertThat(client.send(errand(false))).isEqualTo(new Sending.Unavailable());
    publish();
    assertThat(client.send(errand(false))).isInstanceOf(Sending.To.class);
  }

  @Test
  void an_issuer_that_goes_away_is_remembered_for_a_day() {
    address(false);
    address(false);
    assertThat(issuer.discoveries()).isEqualTo(1);
    issuer.answerDiscovery(TestIssuer.status(503, ""));
    now.set(NOW.plus(Duration.ofHours(23)));
    assertThat(client.send(errand(false))).isInstanceOf(Sending.To.class);
    assertThat(client.send(errand(false))).isInstanceOf(Sending.To.class);
    assertThat(issuer.discoveries()).as("not asked at every sign-in").isEqualTo(2);
    now.set(NOW.plus(Duration.ofHours(25)));
    assertThat(client.send(errand(false))).isEqualTo(new Sending.Unavailable());
    assertThat(client.read(Map.of("state", "s", "code", "c"))).isEqualTo(new Brought.Unavailable());
    assertThat(client.redeem("c", VERIFIER)).isEqualTo(new Redeemed.Unavailable());
  }

  @Test
  void what_a_browser_brings_is_a_code_or_an_error_made_harmless() {
    assertThat(client.read(Map.of("state", "s", "code", "c", "session_state", "x")))
        .isEqualTo(new Brought.Code("c"));
    assertThat(
            client.read(
                Map.of(
                    "state",
                    "s",
                    "error",
                    "access_denied",
                    "error_description",
                    "no\u001b[31m \\o/")))
        .isEqualTo(new Brought.Denial("access_denied", "no[31m o/"));
    assertThat(client.read(Map.of("state", "s", "error", "<script>")))
        .isEqualTo(new Brought.Denial("unknown_error", ""));
    var long_ =
        client.read(Map.of("state", "s", "error", "e", "error_description", "x".repeat(999)));
    assertThat(((Brought.Denial) long_).description()).hasSize(200);
    for (var nothing : List.of(Map.of("state", "s"), Map.of("state", "s", "code", ""))) {
      assertThat(client.read(nothing)).isEqualTo(new Brought.Unreadable());
    }
  }

  @Test
  void w4_an_answer_that_names_another_issuer_or_none_is_a_mix_up() {
    var code = new HashMap<>(Map.of("state", "s", "code", "c"));
    code.put("iss", "https://evil.example");
    assertThat(client.read(code)).isEqualTo(new Brought.OtherIssuer());
    code.put("iss", issuer.url() + "/");
    assertThat(client.read(code)).isEqualTo(new Brought.OtherIssuer());
    code.put("iss", issuer.url());
    assertThat(client.read(code)).isEqualTo(new Brought.Code("c"));
    var error = Map.of("state", "s", "error", "x", "iss", "https://evil.example");
    assertThat(client.read(error)).isEqualTo(new Brought.OtherIssuer());
    // RFC 9207, 2.4: who says that it names itself must.
    discovery.put("authorization_response_iss_parameter_supported", true);
    publish();
    now.set(NOW.plus(Duration.ofHours(1)));
    assertThat(client.read(code)).isEqualTo(new Brought.Code("c"));
    code.remove("iss");
    assertThat(client.read(code)).isEqualTo(new Brought.OtherIssuer());
  }

  @Test
  void a_code_is_redeemed_with_the_verifier_and_the_secret_in_its_place() {
    var asked = new AtomicReference<String>();
    issuer.answer(
        "/token",
        exchange -> {
          var body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
          asked.set(exchange.getRequestHeaders().getFirst("Authorization") + " " + body);
          token(SigningKey.es256("k").token(issuer.claims())).handle(exchange);
        });
    assertThat(client.redeem("the-code", VERIFIER)).isInstanceOf(Redeemed.IdToken.class);
    // RFC 6749, 2.3.1: form-encoded before they are put together.
    var pair = Base64.getEncoder().encodeToString("the+client:s%3Ae+cret".getBytes(UTF));
    assertThat(asked.get())
        .startsWith("Basic " + pair + " ")
        .contains(
            "grant_type=authorization_code",
            "code=the-code",
            "code_verifier=" + VERIFIER,
            "redirect_uri=https%3A%2F%2F")
        .doesNotContain("client_secret", "s:e");
  }

  private static final java.nio.charset.Charset UTF = StandardCharsets.UTF_8;

  private static HttpHandler token(String idToken) {
    return answering(
        200,
        JSONObjectUtils.toJSONString(
            Map.of("access_token", "a", "token_type", "Bearer", "id_token", idToken)));
  }

  private static HttpHandler answering(int status, String body) {
    return exchange -> {
      exchange.getResponseHeaders().add("Content-Type", "application/json");
      TestIssuer.status(status, body).handle(exchange);
    };
  }

  @Test
  void a_code_that_the_issuer_does_not_take_is_refused() {
    issuer.answer("/token", answering(400, "{\"error\":\"invalid_grant\"}"));
    assertThat(client.redeem("c", VERIFIER)).isEqualTo(new Redeemed.Refused("invalid_grant"));
    issuer.answer("/token", answering(401, "{\"error\":\"<b>\"}"));
    assertThat(client.redeem("c", VERIFIER)).isEqualTo(new Redeemed.Refused("unknown_error"));
  }

  @Test
  void a_token_endpoint_that_fails_or_talks_nonsense_is_away() {
    for (var nonsense :
        List.of(
            answering(500, "{\"error\":\"server_error\"}"),
            answering(200, "<html>"),
            answering(200, "{\"access_token\":\"a\",\"token_type\":\"Bearer\"}"),
            answering(200, "{\"id_token\":\"x\"}"),
            answering(302, ""),
            TestIssuer.json(" ".repeat(200_000)))) {
      issuer.answer("/token", nonsense);
      assertThat(client.redeem("c", VERIFIER)).isEqualTo(new Redeemed.Unavailable());
    }
  }
}

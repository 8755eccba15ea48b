package io.daypass.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** OAuth 2.0 Token Exchange (RFC 8693) and introspection (RFC 7662), to the letter. */
class ExchangeDoorTest {

  private static final String CI = DoorRows.CI;
  private static final World WORLD = Shared.world();
  private static final Forgeries FORGED = new Forgeries(WORLD);

  private final Api api = Shared.api();

  @Test
  void exchange_is_strict_about_its_form() {
    var good = withoutToken();
    for (var missing : List.of("grant_type", "audience", "subject_token_type", "subject_token")) {
      // Good but for what is missing, or it would be refused whatever is missing.
      var form = new LinkedHashMap<>(good);
      form.put("subject_token", WORLD.run());
      // RFC 6749, 3.2: a parameter without a value counts as absent.
      form.put(missing, "");
      assertThat(error(form, 400, "invalid_request")).contains(missing);
      form.remove(missing);
      assertThat(error(form, 400, "invalid_request")).contains(missing);
    }
    error(with(good, "grant_type", "client_credentials"), 400, "unsupported_grant_type");
    error(with(good, "audience", "https://example.com/"), 400, "invalid_target");
    error(with(good, "resource", "https://example.com/"), 400, "invalid_target");
    error(
        with(good, "subject_token_type", "urn:ietf:params:oauth:token-type:saml2"),
        400,
        "invalid_request");
    error(with(good, "actor_token", "x"), 400, "invalid_request");
    error(with(good, "requested_token_type", "urn:x"), 400, "invalid_request");
    error(with(good, "poll_token", "dpp_x"), 400, "invalid_request");
    error(with(good, "subject_token", "forged"), 400, "invalid_request");
    error(with(good, "audience", "prod-admin"), 400, "invalid_target");
    error(
        with(good, "requested_token_type", "urn:ietf:params:oauth:token-type:access_token"),
        400,
        "invalid_target");
    var twice =
        api.any(
            java.net.http.HttpRequest.newBuilder(java.net.URI.create(api.url() + "/oauth2/token"))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(java.net.http.HttpRequest.BodyPublishers.ofString("audience=a&audience=b")));
    assertThat(twice.is(400).text("error")).isEqualTo("invalid_request");
    var json = api.postText("/oauth2/token", "x", "{}").is(400);
    assertThat(json.text("error")).isEqualTo("invalid_request");
  }

  private static Map<String, String> withoutToken() {
    var form = new LinkedHashMap<String, String>();
    form.put("grant_type", "urn:ietf:params:oauth:grant-type:token-exchange");
    form.put("audience", CI);
    form.put("subject_token_type", "urn:ietf:params:oauth:token-type:id_token");
    return form;
  }

  private static Map<String, String> with(Map<String, String> form, String name, String value) {
    var more = new LinkedHashMap<>(form);
    more.put("subject_token", WORLD.run());
    more.put(name, value);
    return more;
  }

  /** The description of the error, which must be this one. */
  private String error(Map<String, String> form, int status, String error) {
    var answer = api.any(Doorway.form(api, "/oauth2/token", form));
    assertThat(answer.is(status).text("error")).as(form.keySet() + answer.body()).isEqualTo(error);
    assertThat(answer.header("Cache-Control")).isEqualTo("no-store");
    assertThat(answer.text("error_description")).matches("[\\x20-\\x21\\x23-\\x5b\\x5d-\\x7e]+");
    return answer.text("error_description");
  }

  @Test
  void the_line_end_of_a_token_s_file_does_no_harm() {
    var form = withoutToken();
    for (var end : List.of("", "\n", "\r\n")) {
      form.put("subject_token", WORLD.run() + end);
      api.any(Doorway.form(api, "/oauth2/token", form)).is(200);
    }
    form.put("subject_token", "\n");
    error(form, 400, "invalid_request");
  }

  @Test
  void thousands_of_line_ends_in_a_token_are_refused_at_every_door_that_takes_forms() {
    var ends = "\n".repeat(20_000) + "x";
    var exchange = withoutToken();
    exchange.put("subject_token", ends);
    error(exchange, 400, "invalid_request");
    api.any(Doorway.STS.request(api, CI, ends)).is(400);
  }

  @Test
  void exchange_answers_as_rfc_8693_has_it() {
    var answer = Doorway.EXCHANGE.ask(api, CI, WORLD.run()).is(200);
    assertThat(answer.text("issued_token_type"))
        .isEqualTo("urn:daypass:token-type:aws-credentials");
    assertThat(answer.text("token_type")).isEqualTo("N_A");
    assertThat(answer.json().getInteger("expires_in")).isBetween(1, 1800);
    assertThat(new JsonObject(answer.text("access_token")).getString("SessionToken")).isNotBlank();
    assertThat(answer.json().fieldNames()).doesNotContain("scope");
    var discovery = api.get("/.well-known/openid-configuration").is(200);
    assertThat(discovery.text("token_endpoint")).isEqualTo(WORLD.url() + "/oauth2/token");
    assertThat(discovery.json().getJsonArray("grant_types_supported"))
        .containsExactly("urn:ietf:params:oauth:grant-type:token-exchange");
    assertThat(discovery.text("introspection_endpoint"))
        .isEqualTo(WORLD.url() + "/oauth2/introspect");
    for (var endpoint : List.of("token_endpoint", "introspection_endpoint")) {
      assertThat(discovery.json().getJsonArray(endpoint + "_auth_methods_supported"))
          .containsExactly("none");
    }
  }

  @Test
  void introspection_knows_tokens_of_configured_issuers_and_says_nothing_of_others() {
    var mine = introspect(WORLD.run());
    assertThat(mine.json().getBoolean("active")).isTrue();
    assertThat(mine.text("username")).isEqualTo("repo:acme/shop:ref:refs/heads/main");
    for (var other : List.of("opaque", FORGED.forged(FORGED.issuer()), "dpp_" + "A".repeat(43))) {
      assertThat(introspect(other).json()).isEqualTo(new JsonObject().put("active", false));
    }
  }

  private Api.Answer introspect(String token) {
    return api.any(
            Doorway.form(api, "/oauth2/introspect", Map.of("token", token))
                .header("Authorization", "Basic Z2Nsb3VkOng="))
        .is(200);
  }
}

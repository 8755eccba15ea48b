package io.daypass.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.daypass.sandbox.http.Ask;
import io.daypass.sandbox.http.Fault;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What must be seen by nobody but the one it is for. */
class SecretsTest {

  private static final Pattern JWT =
      Pattern.compile("eyJ[A-Za-z0-9_-]{8,}\\.eyJ[A-Za-z0-9_-]{8,}(?:\\.[A-Za-z0-9_-]*)?");
  private static final Pattern BEARER = Pattern.compile("Bearer (\\S+)");

  private final World world = Shared.world();
  private final Replica replica = world.replicas().getFirst();
  private final Api api = Shared.api();
  private final String alice = world.person("alice");
  private final String bob = world.person("bob");
  private final Queue<Ask> heard = new ConcurrentLinkedQueue<>();
  private final List<String> secrets = new ArrayList<>();

  @BeforeEach
  void listen() {
    Shared.forgetGrants();
    world.sandbox.overhear(heard::add);
    token(alice);
    token(bob);
  }

  @AfterEach
  void nothingIsLeft() {
    world.sandbox.overhear(_ -> {});
    world.sandbox.aws().stsFaults().clear();
    world.sandbox.azure().entraFaults().clear();
    world.sandbox.gcp().stsFaults().clear();
    Shared.forgetGrants();
  }

  /** A token is one whole, and so is its signature: whoever has it can make the token. */
  private String token(String token) {
    secrets.add(token);
    secrets.add(token.substring(token.lastIndexOf('.') + 1));
    return token;
  }

  private void secret(String text) {
    secrets.add(text);
  }

  @Test
  void p7_no_secret_of_aws_is_in_a_log_a_ledger_entry_a_header_an_error_a_url_or_a_metric()
      throws Exception {
    var run = token(world.run());
    var id = api.ask(alice, "prod-readonly", "5m", "secrets");
    api.on(id, "approve", bob).is(200);
    for (var answer :
        List.of(
            api.credentials("prod-readonly", alice),
            api.credentials("ci-deploy", run),
            api.credentials("worker", token(world.pod())))) {
      secret(answer.is(200).text("SecretAccessKey"));
      secret(answer.text("SessionToken"));
    }
    var link = api.post("/v1/roles/prod-readonly/console", alice).is(200).text("url");
    secret(URI.create(link).getRawQuery().replaceAll(".*SigninToken=([^&]*).*", "$1"));
    refused(run);
    world.sandbox.aws().stsFaults().next(Fault.outage(), 3);
    assertThat(api.credentials("worker", token(world.pod())).status()).isIn(502, 503);
    api.on(id, "revoke", bob, "reason", "over").is(200);
    // Others of this JVM have been there too, one of them with another issuer's name.
    assertThat(world.gate.assertions())
        .filteredOn(this::isAssertion)
        .hasSizeGreaterThanOrEqualTo(4);
    world.gate.assertions().forEach(this::token);
    nobodySaw("issuance.failed");
  }

  /** Secrets of calls that end badly, which are the ones that leak. */
  private void refused(String used) {
    api.credentials("ci-deploy", used).is(403, "token_already_used");
    var wrong = token(world.sandbox.github().token(Map.of("aud", "https://other.example")));
    api.credentials("ci-deploy", wrong).is(401, "audience_mismatch");
    var broken = token(world.run().replaceFirst("\\.[^.]*$", ".") + "A".repeat(342));
    api.credentials("ci-deploy", broken).is(401, "signature_invalid");
  }

  @Test
  void p7_neither_is_a_token_of_google_azure_or_our_own_nor_what_they_are_exchanged_for()
      throws Exception {
    var nightly = world.sandbox.kubernetes().token(world.url(), "reports", "nightly");
    for (var role : List.of("gcp-logs", World.AZURE_NIGHTLY)) {
      token(given(role, token(nightly)).text("access_token"));
    }
    var id = api.ask(alice, "cluster-view", "10m", "secrets");
    token(api.credentials("cluster-view", alice).is(200).text("id_token"));
    world.sandbox.gcp().stsFaults().next(Fault.outage(), 3);
    world.sandbox.azure().entraFaults().next(Fault.outage(), 3);
    for (var role : List.of("gcp-logs", World.AZURE_NIGHTLY)) {
      assertThat(api.credentials(role, nightly).status()).isIn(502, 503);
    }
    api.on(id, "return", alice).is(200);
    var sent = assertions();
    assertThat(sent).hasSizeGreaterThanOrEqualTo(4);
    sent.forEach(this::token);
    assertThat(bearers()).as("what Google and Azure gave for them").isNotEmpty();
    bearers().forEach(this::token);
    nobodySaw("issuance.failed");
  }

  @Test
  void p7_neither_is_a_poll_token_nor_a_session_of_a_browser_nor_what_stands_in_its_forms()
      throws Exception {
    var token = token(new Forgeries(world).run(Map.of("environment", "release")));
    var pending = api.credentials("ci-release", token).is(202);
    var poll = pending.text("poll_token");
    secret(poll);
    secret(poll.substring("dpp_".length()));
    api.credentials("ci-release", poll).is(202);
    assertThat(api.credentials("prod-admin", poll).status()).isGreaterThanOrEqualTo(400);
    var invented = "dpp_" + "Q".repeat(43);
    secret(invented);
    api.credentials("ci-release", invented).is(401, "poll_token_unknown");
    var browser = new Browser(world);
    browser.signIn("bob");
    secret(browser.cookie("__Host-daypass").orElseThrow());
    secret(browser.formToken());
    var page = "/requests/" + pending.text("request_id");
    assertThat(browser.get(page).is(200).body()).doesNotContain(poll, token);
    var no = Map.of("form_token", "x".repeat(43), "comment", "not today");
    browser.post(page + "/deny", no).is(403, "form_token_invalid");
    browser
        .post(page + "/deny", Map.of("form_token", browser.formToken(), "comment", "not today"))
        .is(303);
    api.credentials("ci-release", poll).is(403);
    browser.post("/sign-out", Map.of("form_token", browser.formToken()));
    nobodySaw("poll_token_unknown");
  }

  // The first call to a cloud may be too slow for it on a busy machine; a reusable token may
  // return.
  private Api.Answer given(String role, String token) {
    var answer = api.credentials(role, token);
    for (var i = 0; i < 5 && answer.status() >= 500; i++) {
      answer = api.credentials(role, token);
    }
    return answer.is(200);
  }

  private boolean isAssertion(String token) {
    var claims =
        new String(
            Base64.getUrlDecoder().decode(token.split("\\.", -1)[1]), StandardCharsets.UTF_8);
    return claims.contains("\"iss\":\"" + world.url() + "\"");
  }

  /** What the broker proved with who it is, to whichever cloud. */
  private List<String> assertions() {
    return heard.stream()
        .flatMap(ask -> JWT.matcher(ask.body().toString()).results())
        .map(found -> found.group())
        .filter(this::isAssertion)
        .distinct()
        .toList();
  }

  private List<String> bearers() {
    return heard.stream()
        .flatMap(ask -> BEARER.matcher(ask.header("Authorization").orElse("")).results())
        .map(found -> found.group(1))
        .distinct()
        .toList();
  }

  /** AWS's sign-in endpoint takes the session in a query: that is its documented interface. */
  private String urls() {
    return heard.stream()
        .filter(ask -> !ask.path().startsWith("/aws/signin"))
        .map(ask -> ask.path() + "?" + ask.rawQuery())
        .collect(Collectors.joining("\n"));
  }

  /** In all of it, which tells of {@code event}. */
  private void nobodySaw(String event) throws Exception {
    assertThat(secrets).allMatch(secret -> secret.length() > 20);
    var seen = new LinkedHashMap<String, String>();
    seen.put("log", replica.log());
    seen.put("ledger", world.records.ledger());
    seen.put("headers", String.join("\n", Api.HEADERS));
    seen.put("errors", String.join("\n", Api.REFUSALS));
    seen.put("urls", urls());
    seen.put("metrics", api.get("/metrics").body());
    assertThat(seen.get("log")).contains(event);
    assertThat(seen.get("errors")).contains("\"code\"");
    seen.forEach((where, text) -> {
      for (var secret : secrets) {
        // Not by AssertJ's contains: its message would print what is secret.
        assertThat(text.contains(secret))
            .as("a secret that begins with %s in the %s", secret.substring(0, 6), where)
            .isFalse();
      }
      assertThat(JWT.matcher(text).find()).as("what looks like a token in the %s", where).isFalse();
    });
  }
}

package io.daypass.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What must be seen by nobody but the one it is for. */
class SecretsTest {

  private final World world = Shared.world();
  private final Replica replica = world.replicas().getFirst();
  private final Api api = Shared.api();

  @Test
  void p7_no_secret_is_in_a_log_a_ledger_entry_a_header_or_a_metric() throws Exception {
    var secrets = new ArrayList<String>();
    var alice = world.person("alice");
    var bob = world.person("bob");
    var run = world.run();
    var pod = world.pod();
    var id = api.ask(alice, "prod-readonly", "5m", "secrets");
    api.on(id, "approve", bob).is(200);
    for (var answer :
        List.of(
            api.credentials("prod-readonly", alice),
            api.credentials("ci-deploy", run),
            api.credentials("worker", pod))) {
      secrets.add(answer.is(200).text("SecretAccessKey"));
      secrets.add(answer.text("SessionToken"));
    }
    var link = api.post("/v1/roles/prod-readonly/console", alice).is(200).text("url");
    secrets.add(URI.create(link).getRawQuery().replaceAll(".*SigninToken=([^&]*).*", "$1"));
    secrets.addAll(refused(run));
    world.sandbox.aws().stsFaults().next(io.daypass.sandbox.http.Fault.outage(), 3);
    assertThat(api.credentials("worker", world.pod()).status()).isIn(502, 503);
    for (var token : List.of(alice, bob, run, pod)) {
      secrets.add(token);
      secrets.add(token.substring(token.lastIndexOf('.') + 1));
    }
    var assertions = world.gate.assertions();
    assertThat(assertions).hasSizeGreaterThanOrEqualTo(4);
    for (var assertion : assertions) {
      secrets.add(assertion.substring(assertion.lastIndexOf('.') + 1));
    }
    api.on(id, "revoke", bob, "reason", "over").is(200);
    assertThat(secrets).allMatch(secret -> secret.length() > 20);

    var seen = new java.util.LinkedHashMap<String, String>();
    seen.put("log", replica.log());
    seen.put("ledger", world.records.ledger());
    seen.put("headers", String.join("\n", Api.HEADERS));
    seen.put("metrics", api.get("/metrics").body());
    assertThat(seen.get("log")).contains("issuance.failed");
    seen.forEach((where, text) -> {
      for (var secret : secrets) {
        // Not by AssertJ's contains: its message would print what is secret.
        assertThat(text.contains(secret))
            .as("a secret that begins with %s in the %s", secret.substring(0, 6), where)
            .isFalse();
      }
    });
  }

  /** Secrets of calls that end badly, which are the ones that leak. */
  private List<String> refused(String used) {
    api.credentials("ci-deploy", used).is(403, "token_already_used");
    var wrong = world.sandbox.github().token(Map.of("aud", "https://other.example"));
    api.credentials("ci-deploy", wrong).is(401, "audience_mismatch");
    var broken = world.run().replaceFirst("\\.[^.]*$", ".") + "A".repeat(342);
    api.credentials("ci-deploy", broken).is(401, "signature_invalid");
    return List.of(wrong, broken, wrong.substring(wrong.lastIndexOf('.') + 1));
  }
}

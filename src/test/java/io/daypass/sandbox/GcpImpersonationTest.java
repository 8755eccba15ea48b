package io.daypass.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import io.daypass.sandbox.gcp.GcpStandIn;
import io.daypass.sandbox.gcp.StandInAccount;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** IAM Credentials: who gets a token of which service account. */
class GcpImpersonationTest extends GcpStandIns {

  @Test
  void impersonation_gives_a_token_of_the_life_that_was_asked_for() {
    var answer = generate(federated(claims()), LOGS, "300s", PLATFORM);
    assertThat(answer.statusCode()).isEqualTo(200);
    var body = new JsonObject(answer.body());
    assertThat(Instant.parse(body.getString("expireTime")))
        .isEqualTo(
            clock.instant().truncatedTo(java.time.temporal.ChronoUnit.SECONDS).plusSeconds(300));
    var token = body.getString("accessToken");
    assertThat(allowed(token, "").getBoolean("allowed")).isTrue();
    clock.forward(301);
    assertThat(allowed(token, "").getString("why")).startsWith("the token expired");
  }

  @Test
  void a_subject_that_may_not_impersonate_and_an_account_that_is_not_there_answer_alike() {
    var token = federated(claims());
    var other = generate(token, BINDER, "300s", PLATFORM);
    var missing = generate(token, "nobody@acme-prod.iam.gserviceaccount.com", "300s", PLATFORM);
    assertThat(other.statusCode()).isEqualTo(403);
    assertThat(status(other)).isEqualTo("PERMISSION_DENIED");
    assertThat(other.body()).isEqualTo(missing.body());
  }

  @Test
  void a_life_or_a_scope_outside_the_limits_is_refused() {
    var token = federated(claims());
    for (var lifetime : List.of("3601s", "0s", "-1s", "300", "5m", "1.5s")) {
      assertThat(status(generate(token, LOGS, lifetime, PLATFORM))).isEqualTo("INVALID_ARGUMENT");
    }
    assertThat(status(generate(token, LOGS, "300s"))).isEqualTo("INVALID_ARGUMENT");
    assertThat(status(generate(token, LOGS, "300s", "logging"))).isEqualTo("INVALID_ARGUMENT");
    sandbox
        .gcp()
        .add(
            StandInAccount.of(LOGS, GcpStandIn.principal("role:gcp-logs"))
                .living(Duration.ofHours(12)));
    assertThat(generate(token, LOGS, "43200s", PLATFORM).statusCode()).isEqualTo(200);
    assertThat(status(generate(token, LOGS, "43201s", PLATFORM))).isEqualTo("INVALID_ARGUMENT");
  }

  @Test
  void a_token_that_is_none_or_has_expired_or_too_little_scope_impersonates_nobody() {
    assertThat(status(generate("ya29.none", LOGS, "300s", PLATFORM))).isEqualTo("UNAUTHENTICATED");
    var form = form();
    form.put("scope", "https://www.googleapis.com/auth/logging.read");
    form.put("subject_token", broker.es256(claims()));
    var narrow = new JsonObject(post(form).body()).getString("access_token");
    assertThat(status(generate(narrow, LOGS, "300s", PLATFORM))).isEqualTo("PERMISSION_DENIED");
    var token = federated(claims());
    clock.forward(3600);
    assertThat(status(generate(token, LOGS, "300s", PLATFORM))).isEqualTo("UNAUTHENTICATED");
  }

  @Test
  void a_disabled_account_gets_no_token_and_its_tokens_are_good_for_nothing() {
    var token = federated(claims());
    var live =
        new JsonObject(generate(token, LOGS, "300s", PLATFORM).body()).getString("accessToken");
    var account = StandInAccount.of(LOGS, GcpStandIn.principal("role:gcp-logs"));
    sandbox.gcp().add(account.disabled());
    assertThat(status(generate(token, LOGS, "300s", PLATFORM))).isEqualTo("FAILED_PRECONDITION");
    assertThat(allowed(live, "").getBoolean("allowed")).isFalse();
    sandbox.gcp().add(account);
    assertThat(allowed(live, "").getBoolean("allowed")).isTrue();
  }
}

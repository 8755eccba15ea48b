package io.daypass.cloud.gcp;

import static org.assertj.core.api.Assertions.assertThat;

import io.daypass.cloud.DroppedAttempts;
import io.daypass.cloud.Finding;
import io.daypass.cloud.Finding.Weight;
import io.daypass.cloud.Grants;
import io.daypass.policy.Role;
import io.daypass.policy.Target;
import io.daypass.sandbox.gcp.GcpStandIn;
import io.daypass.sandbox.gcp.StandInAccount;
import io.daypass.sandbox.gcp.StandInProvider;
import io.daypass.sandbox.http.Fault;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Each thing that can be wrong with a role at Google is found, named and left as it is. */
class GoogleCheckupTest {

  private static final String STORAGE = "roles/storage.objectAdmin";
  private static final String ACCOUNT = "daypass-gcp-storage@acme-prod.iam.gserviceaccount.com";
  private static final String SECOND = "daypass-second@acme-prod.iam.gserviceaccount.com";
  private static final String BINDER = "daypass-binder@acme-prod.iam.gserviceaccount.com";

  /** That of the machine: what serves the stand-in says the time by it. */
  private static final InstantSource CLOCK = InstantSource.system();

  private final Bench bench = new Bench();
  private DroppedAttempts attempts = new DroppedAttempts(logs(Duration.ofMinutes(15)), bench.time);

  @AfterEach
  void stop() {
    bench.close();
  }

  private static Role logs(Duration lifetime) {
    return Bench.grant().lifetime(lifetime).recorded().role();
  }

  private static Role storage(String... accounts) {
    return storageAt(GcpStandIn.PROJECT, accounts);
  }

  private static Role storageAt(String resource, String... accounts) {
    return Grants.standard()
        .called("gcp-storage")
        .to(
            new Target.Google(
                List.of(accounts),
                GcpStandIn.PROVIDER,
                Bench.SCOPES,
                new Target.Google.IamBinding(resource, STORAGE, BINDER)))
        .recorded()
        .role();
  }

  private List<Finding> findings(Role role) {
    attempts = new DroppedAttempts(role, bench.time);
    var checkup = checkup();
    assertThat(checkup.serves(role.target())).isTrue();
    return checkup.of(role, attempts);
  }

  private GoogleCheckup checkup() {
    return new GoogleCheckup(bench.cloud, "https://daypass.example", CLOCK, UUID::randomUUID);
  }

  private List<String> codes(Role role) {
    return findings(role).stream().map(Finding::code).toList();
  }

  private Finding only(Role role) {
    var wrong = findings(role).stream().filter(f -> f.weight() == Weight.WRONG).toList();
    assertThat(wrong).hasSize(1);
    return wrong.getFirst();
  }

  private static String mend(Finding finding) {
    return Objects.requireNonNull(finding.mend());
  }

  private StandInAccount binder() {
    return StandInAccount.of(BINDER, GcpStandIn.principal("daypass:binder")).granting(STORAGE);
  }

  private static StandInAccount account(String email, String role) {
    return StandInAccount.of(email, GcpStandIn.principal("role:" + role));
  }

  @Test
  void a_role_that_works_is_good_and_its_token_is_asked_for_a_moment() {
    var findings = findings(logs(Duration.ofMinutes(15)));
    assertThat(findings).extracting(Finding::code).containsExactly("mints");
    assertThat(findings.getFirst().what()).contains("15m", Bench.LOGS);
    assertThat(attempts.lives).containsExactly(Duration.ofSeconds(60));
  }

  @Test
  void rights_that_are_made_for_each_grant_are_tried_up_to_the_writing_of_them() {
    var before = bench.sandbox.gcp().policy(GcpStandIn.PROJECT);
    assertThat(codes(storage(ACCOUNT))).containsExactly("mints", "binder_edits");
    assertThat(bench.calls("gcp.resourcemanager", "testIamPermissions")).isEqualTo(1);
    assertThat(bench.calls("gcp.resourcemanager", "setIamPolicy")).isZero();
    assertThat(bench.sandbox.gcp().policy(GcpStandIn.PROJECT)).isEqualTo(before);
    assertThat(bench.store.seen).as("nothing is held for nobody's grant").isEmpty();
  }

  @Test
  void every_account_is_tried_and_the_one_that_fails_is_named() {
    var finding = only(storage(ACCOUNT, SECOND));
    assertThat(finding.code()).isEqualTo("impersonation_refused");
    assertThat(finding.what()).contains(SECOND).doesNotContain(ACCOUNT);
    assertThat(finding.said()).contains("PERMISSION_DENIED");
    assertThat(mend(finding))
        .contains("workloadIdentityPools/daypass/subject/role:gcp-storage")
        .contains("roles/iam.workloadIdentityUser on " + SECOND);
    bench.sandbox.gcp().add(account(SECOND, "gcp-storage"));
    assertThat(codes(storage(ACCOUNT, SECOND))).containsExactly("mints", "binder_edits");
  }

  @Test
  void an_account_that_trusts_another_subject_is_found() {
    bench.sandbox.gcp().add(account(Bench.LOGS, "gcp-other"));
    assertThat(only(logs(Duration.ofMinutes(15))).code()).isEqualTo("impersonation_refused");
  }

  @Test
  void a_provider_that_takes_another_issuer_s_tokens_is_found_in_google_s_words() {
    bench.sandbox.gcp().add(StandInProvider.of(GcpStandIn.PROVIDER, "https://other.example"));
    var finding = only(logs(Duration.ofMinutes(15)));
    assertThat(finding.code()).isEqualTo("provider_refuses");
    assertThat(finding.said()).contains("invalid_");
    assertThat(mend(finding))
        .contains(GcpStandIn.PROVIDER)
        .contains("https://daypass.example")
        .contains("google.subject from assertion.sub")
        .contains("role:gcp-logs");
  }

  @Test
  void an_issuer_that_google_cannot_reach_is_told_from_a_provider_that_refuses() {
    bench.issuerAway.set(1000);
    var finding = only(logs(Duration.ofMinutes(15)));
    assertThat(finding.code()).isEqualTo("issuer_unreachable");
    assertThat(finding.said()).contains("Error connecting to the given credential's issuer");
    assertThat(mend(finding))
        .contains("https://daypass.example/.well-known/openid-configuration", "jwks_uri")
        .contains("upload the keys to " + GcpStandIn.PROVIDER);
    bench.issuerAway.set(0);
    assertThat(codes(logs(Duration.ofMinutes(15)))).containsExactly("mints");
  }

  @Test
  void a_clock_that_google_refuses_us_for_is_what_is_to_be_mended_first() {
    rewriteDate(-60);
    // Of the attempts, not of the machine.
    var ours = new Bench.Time(Grants.NOW);
    bench.time.set(Grants.NOW.minusSeconds(60));
    var role = logs(Duration.ofMinutes(15));
    var findings = checkup().of(role, new DroppedAttempts(role, ours));
    assertThat(findings)
        .extracting(Finding::code)
        .containsExactly("clock_differs", "provider_refuses");
    assertThat(findings.getFirst().what()).contains("behind ours");
    assertThat(findings.getLast().said()).contains("issued in the future");
    assertThat(mend(findings.getLast())).startsWith("set the clocks right first");
  }

  @Test
  void an_account_that_is_disabled_is_told_in_google_s_words() {
    bench.sandbox.gcp().add(account(Bench.LOGS, "gcp-logs").disabled());
    var finding = only(logs(Duration.ofMinutes(15)));
    assertThat(finding.code()).isEqualTo("cloud_refused");
    assertThat(finding.said()).contains("FAILED_PRECONDITION", "disabled");
  }

  @Test
  void a_life_that_the_organization_does_not_allow_is_told_from_other_refusals() {
    var finding = only(logs(Duration.ofHours(2)));
    assertThat(finding.code()).isEqualTo("token_life_too_long");
    assertThat(finding.said()).contains("3600");
    assertThat(mend(finding)).contains("allowServiceAccountCredentialLifetimeExtension");
    bench.sandbox.gcp().add(account(Bench.LOGS, "gcp-logs").living(Duration.ofHours(12)));
    assertThat(codes(logs(Duration.ofHours(2)))).containsExactly("mints");
    assertThat(attempts.lives).containsExactly(Duration.ofHours(2));
  }

  @Test
  void a_binder_that_may_not_be_impersonated_is_found() {
    bench.sandbox.gcp().add(account(BINDER, "gcp-storage").granting(STORAGE));
    var finding = only(storage(ACCOUNT));
    assertThat(finding.code()).isEqualTo("impersonation_refused");
    assertThat(finding.what()).contains(BINDER, "daypass:binder");
    assertThat(mend(finding)).contains("subject/daypass:binder");
  }

  @ParameterizedTest
  @CsvSource({"getIamPolicy, setIamPolicy", "setIamPolicy, getIamPolicy"})
  void a_binder_that_lacks_a_permission_is_told_which(String lacks, String has) {
    var permission = "resourcemanager.projects." + lacks;
    bench.sandbox.gcp().add(binder().lacking(permission));
    var finding = only(storage(ACCOUNT));
    assertThat(finding.code()).isEqualTo("binder_may_not_edit");
    assertThat(finding.what())
        .contains(permission, GcpStandIn.PROJECT)
        .doesNotContain("projects." + has);
    assertThat(mend(finding)).contains(STORAGE + " only");
  }

  @Test
  void a_binder_without_a_role_or_a_project_that_is_not_there_lacks_both() {
    assertThat(only(storageAt("projects/acme-none", ACCOUNT)).what())
        .contains("projects.getIamPolicy and resourcemanager.projects.setIamPolicy");
    bench.sandbox.gcp().add(StandInAccount.of(BINDER, GcpStandIn.principal("daypass:binder")));
    assertThat(only(storage(ACCOUNT)).code()).isEqualTo("binder_may_not_edit");
  }

  @Test
  void an_account_that_has_the_role_without_a_grant_is_found_and_a_grant_s_line_is_not() {
    bench.sandbox.gcp().editPolicy(GcpStandIn.PROJECT, line("daypass 0123 4567", ACCOUNT));
    assertThat(codes(storage(ACCOUNT))).containsExactly("mints", "binder_edits");
    bench.sandbox.gcp().editPolicy(GcpStandIn.PROJECT, line("weekdays", ACCOUNT));
    var finding = only(storage(ACCOUNT));
    assertThat(finding.code()).isEqualTo("access_standing");
    assertThat(finding.what()).contains(ACCOUNT, STORAGE, GcpStandIn.PROJECT);
  }

  private static JsonObject line(String title, String account) {
    return new JsonObject()
        .put("role", STORAGE)
        .put("members", new JsonArray().add("serviceAccount:" + account))
        .put(
            "condition",
            new JsonObject()
                .put("title", title)
                .put("expression", "request.time < timestamp(\"2027-01-01T00:00:00Z\")"));
  }

  @Test
  void a_google_that_is_down_or_asks_for_patience_is_told_from_one_that_refuses() {
    bench.sandbox.gcp().stsFaults().always(Fault.outage());
    assertThat(only(logs(Duration.ofMinutes(15))).code()).isEqualTo("cloud_failed");
    bench.sandbox.gcp().stsFaults().always(new Fault.Refuse(429, "RESOURCE_EXHAUSTED"));
    assertThat(only(logs(Duration.ofMinutes(15))).code()).isEqualTo("cloud_throttled");
    bench.sandbox.gcp().stsFaults().clear();
    bench.sandbox.gcp().resourceFaults().always(Fault.outage());
    assertThat(codes(storage(ACCOUNT))).containsExactly("mints", "cloud_failed");
  }

  @ParameterizedTest
  @ValueSource(strings = {"{\"permissions\":\"all\"}", "[]", "<html>", ""})
  void an_answer_about_permissions_that_is_none_is_not_believed(String body) {
    bench.sandbox.gcp().resourceFaults().always(Fault.say("application/json", body));
    assertThat(codes(storage(ACCOUNT))).containsExactly("mints", "cloud_answer_wrong");
  }

  @Test
  void a_clock_that_differs_from_google_s_is_found_although_google_still_says_yes() {
    rewriteDate(-200);
    var finding = only(logs(Duration.ofMinutes(15)));
    assertThat(finding.code()).isEqualTo("clock_differs");
    assertThat(finding.what()).startsWith("Google's clock").contains("behind ours");
  }

  @Test
  void a_clock_that_is_further_behind_than_assertions_are_dated_back_is_found_and_no_nearer_one() {
    rewriteDate(-25);
    assertThat(codes(logs(Duration.ofMinutes(15)))).containsExactly("clock_differs", "mints");
    rewriteDate(-15);
    assertThat(codes(logs(Duration.ofMinutes(15)))).containsExactly("mints");
  }

  private void rewriteDate(int seconds) {
    var date =
        DateTimeFormatter.RFC_1123_DATE_TIME.format(
            OffsetDateTime.now(ZoneOffset.UTC).plusSeconds(seconds));
    bench.sandbox.gcp().stsFaults().next(new Fault.Rewrite(reply -> reply.with("Date", date)), 1);
  }
}

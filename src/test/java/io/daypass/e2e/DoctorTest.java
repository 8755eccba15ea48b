package io.daypass.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.daypass.app.BrokerOperator;
import io.daypass.cli.Operator.Outcome;
import io.daypass.cloud.Finding;
import io.daypass.cloud.Finding.Weight;
import io.daypass.sandbox.aws.StandInRole;
import io.daypass.sandbox.azure.AzureStandIn;
import io.daypass.sandbox.azure.StandInApp;
import io.daypass.sandbox.gcp.GcpStandIn;
import io.daypass.sandbox.http.Fault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The doctor finds what is wrong in a cloud, says it in the cloud's words, and hands nothing out.
 */
class DoctorTest {

  private static final String ACCOUNT = "123456789012";

  private final World world = Shared.world();

  @TempDir private Path home;

  @BeforeEach
  void patients() throws IOException {
    Files.createDirectories(home.resolve("policies"));
  }

  /** A role of AWS as the policies and the cloud have it. */
  private String patient(String name, String lifetime, StandInRole inTheCloud) throws IOException {
    world.sandbox.aws().add(inTheCloud);
    return patient(name, lifetime);
  }

  private String patient(String name, String lifetime) throws IOException {
    write(
        name,
        "aws: { role-arn: 'arn:aws:iam::" + ACCOUNT + ":role/daypass-" + name + "' }",
        lifetime);
    return name;
  }

  private void write(String name, String target, String lifetime) throws IOException {
    Files.writeString(
        home.resolve("policies/" + name + ".yaml"),
        """
        role: %s
        description: For the doctor
        access: read-only
        sensitivity: low
        target: { %s }
        max-duration: 8h
        credential-lifetime: %s
        rules:
          - { name: all, who: 'true', approval: automatic }
        """
            .formatted(name, target, lifetime));
  }

  private static StandInRole role(String name, int hours) {
    return StandInRole.of(ACCOUNT, "daypass-" + name, Duration.ofHours(hours), "role:" + name);
  }

  private Path settings(String from, String to) throws IOException {
    var text =
        world
            .settings()
            .replace(world.policies.toString(), home.resolve("policies").toString())
            .replace(from, to);
    return Files.writeString(home.resolve("daypass.yaml"), text);
  }

  private List<Finding> examined(String role) throws IOException {
    return examined(role, settings("~", "~"));
  }

  private static List<Finding> examined(String role, Path settings) {
    var outcome = new BrokerOperator(Map.of()).doctor(settings, role);
    assertThat(outcome).isInstanceOf(Outcome.Examined.class);
    return ((Outcome.Examined) outcome)
        .patients().stream().flatMap(patient -> patient.findings().stream()).toList();
  }

  private static Finding only(List<Finding> findings) {
    var wrong = findings.stream().filter(f -> f.weight() == Weight.WRONG).toList();
    assertThat(wrong).hasSize(1);
    return wrong.getFirst();
  }

  private static String said(Finding finding) {
    return Objects.requireNonNull(finding.said());
  }

  private static String mend(Finding finding) {
    return Objects.requireNonNull(finding.mend());
  }

  @Test
  void a_role_that_works_is_good_for_as_long_as_its_callers_may_ask() throws Exception {
    var role = patient("well", "4h", role("well", 4));
    var findings = examined(role);
    assertThat(findings).extracting(Finding::weight).containsOnly(Weight.GOOD);
    assertThat(findings.getLast().what()).contains("sessions of 4h", "tags and source identity");
  }

  private static final String AUDIENCE = "    audience: 'daypass-aws-{account}'\n";

  @Test
  void whether_sessions_could_be_cut_is_found_out_without_cutting_any() throws Exception {
    var role = patient("cut", "1h", role("cut", 1));
    var working = examined(role, settings(AUDIENCE, AUDIENCE + "    revoker: daypass-revoker\n"));
    assertThat(working).extracting(Finding::code).endsWith("cuts_sessions");
    assertThat(working).extracting(Finding::weight).containsOnly(Weight.GOOD);
    assertThat(working.getLast().what())
        .as("what was tried, and what was not")
        .startsWith("daypass-revoker may be assumed, and may delete inline policies of ")
        .contains("role/daypass-cut", "nothing was written, so iam:PutRolePolicy")
        .contains("was not tried", "service control policy");
    // A role that trusts us, and may not edit any other.
    var powerless = StandInRole.of(ACCOUNT, "powerless", Duration.ofHours(1), "daypass:revoker");
    world.sandbox.aws().add(powerless);
    for (var revoker : List.of("powerless", "nobody")) {
      var finding =
          only(examined(role, settings(AUDIENCE, AUDIENCE + "    revoker: " + revoker + "\n")));
      assertThat(finding.code()).isEqualTo("cannot_cut_sessions");
      assertThat(said(finding)).contains("AccessDenied");
      assertThat(mend(finding))
          .contains(revoker, "\"daypass:revoker\"", "iam:PutRolePolicy", "role/daypass-cut");
    }
  }

  @Test
  void p1_every_try_is_in_the_ledger_before_and_after_and_says_that_nobody_got_anything()
      throws Exception {
    var role = patient("ledgered", "1h", role("ledgered", 1).withoutTagSession());
    examined(role);
    // All that went to the cloud: the whole, and then without tags.
    assertThat(kinds(role)).containsExactly("intent", "failed", "intent", "sealed");
    var written = entries(role);
    assertThat(written).allSatisfy(entry -> assertThat(entry).contains("\"checkup\": true"));
    assertThat(written.getLast()).contains("\"handed_out\": false", "\"credential\": \"ASIA");
    assertThat(world.records.openIntents()).isEmpty();
  }

  @Test
  void what_a_checkup_mints_does_nothing_from_its_first_second_on() throws Exception {
    var role = patient("useless", "1h", role("useless", 1));
    examined(role);
    var key = entries(role).getLast().replaceAll("(?s).*\"credential\": \"([A-Z0-9]+)\".*", "$1");
    var page = new Api(world.sandbox.url()).get("/aws/allowed?access_key_id=" + key);
    assertThat(page.json().getBoolean("allowed")).isFalse();
  }

  private List<String> kinds(String role) throws Exception {
    return world.records.texts(
        "SELECT kind FROM daypass.ledger_entry WHERE role = ? ORDER BY number", role);
  }

  private List<String> entries(String role) throws Exception {
    return world.records.texts(
        "SELECT convert_from(canonical, 'UTF8') FROM daypass.ledger_entry WHERE role = ?"
            + " ORDER BY number",
        role);
  }

  @ParameterizedTest
  @CsvSource({
    "true,  false, source_identity_not_allowed,          sts:SetSourceIdentity",
    "false, true,  tags_not_allowed,                     sts:TagSession",
    "false, false, tags_and_source_identity_not_allowed, sts:TagSession and sts:SetSourceIdentity",
  })
  void what_the_trust_policy_leaves_out_is_named(
      boolean tags, boolean sourceIdentity, String code, String action) throws Exception {
    var name = "trust-" + tags + "-" + sourceIdentity;
    var trusted = role(name, 1);
    var finding =
        only(
            examined(
                patient(
                    name,
                    "1h",
                    new StandInRole(
                        ACCOUNT,
                        trusted.name(),
                        trusted.longest(),
                        trusted.audience(),
                        trusted.subject(),
                        tags,
                        sourceIdentity,
                        false))));
    assertThat(finding.code()).isEqualTo(code);
    assertThat(said(finding)).contains("AccessDenied");
    assertThat(mend(finding)).contains(action, "arn:aws:iam::" + ACCOUNT + ":role/daypass-" + name);
  }

  @Test
  void a_maximum_session_duration_that_is_too_short_is_told_from_a_refusal() throws Exception {
    var finding = only(examined(patient("short", "4h", role("short", 1))));
    assertThat(finding.code()).isEqualTo("session_too_long");
    assertThat(said(finding)).contains("DurationSeconds");
    assertThat(mend(finding)).contains("MaxSessionDuration", "14400", "credential-lifetime");
  }

  @Test
  void a_role_that_is_not_there_and_one_that_trusts_another_subject_get_the_trust_they_need()
      throws Exception {
    var other = role("stranger", 1);
    world
        .sandbox
        .aws()
        .add(
            new StandInRole(
                ACCOUNT,
                other.name(),
                other.longest(),
                other.audience(),
                "role:prod-admin",
                true,
                true,
                false));
    for (var name : List.of(patient("nowhere", "1h"), patient("stranger", "1h"))) {
      var finding = only(examined(name));
      assertThat(finding.code()).isEqualTo("not_trusted");
      assertThat(said(finding)).contains("AccessDenied");
      assertThat(mend(finding)).contains("role:" + name, "daypass-aws-" + ACCOUNT);
    }
  }

  @Test
  void an_account_without_our_provider_is_told_which_to_make() throws Exception {
    write("abroad", "aws: { role-arn: 'arn:aws:iam::210987654321:role/daypass-abroad' }", "1h");
    var finding = only(examined("abroad"));
    assertThat(finding.code()).isEqualTo("provider_missing");
    assertThat(said(finding)).contains("InvalidIdentityToken");
    assertThat(mend(finding)).contains(world.url(), "210987654321", "daypass-aws-210987654321");
  }

  @Test
  void an_issuer_that_nobody_answers_for_is_found_before_any_role() throws Exception {
    var role = patient("issuer", "1h", role("issuer", 1));
    var settings =
        settings("public-url: \"" + world.url() + "\"", "public-url: \"http://localhost:1\"");
    var codes = examined(role, settings).stream().map(Finding::code).toList();
    assertThat(codes).containsExactly("issuer_unreachable", "provider_missing");
  }

  @Test
  void with_a_database_that_is_away_nothing_is_tried() throws Exception {
    var role = patient("away", "1h", role("away", 1));
    var settings = settings("@127.0.0.1:", "@127.0.0.1:1");
    var text = Files.readString(settings).replaceFirst("(url: \"[^\"]*:)[0-9]+/", "$11/");
    Files.writeString(settings, text);
    var outcome = new BrokerOperator(Map.of()).doctor(settings, role);
    assertThat(outcome).isInstanceOf(Outcome.Failed.class);
    assertThat(((Outcome.Failed) outcome).errors().getFirst()).contains("nothing is tried");
  }

  @Test
  void a_cloud_that_asks_for_patience_or_fails_is_told_from_one_that_refuses() throws Exception {
    var role = patient("patience", "1h", role("patience", 1));
    var faults = world.sandbox.aws().stsFaults();
    try {
      faults.always(new Fault.Refuse(429, "Throttling"));
      assertThat(only(examined(role)).code()).isEqualTo("cloud_throttled");
    } finally {
      faults.clear();
    }
  }

  @Test
  void a_clock_that_differs_from_the_cloud_s_is_found_although_the_cloud_still_says_yes()
      throws Exception {
    var role = patient("clock", "1h", role("clock", 1));
    var faults = world.sandbox.aws().stsFaults();
    var date =
        DateTimeFormatter.RFC_1123_DATE_TIME.format(
            OffsetDateTime.now(ZoneOffset.UTC).plusMinutes(3));
    try {
      faults.next(new Fault.Rewrite(reply -> reply.with("Date", date)), 1);
      var sts = Objects.requireNonNull(world.sandbox.awsEndpoints().get("sts"));
      var finding = only(examined(role, settings(world.gate.url(), sts)));
      assertThat(finding.code()).isEqualTo("clock_differs");
      assertThat(finding.what()).contains("ahead of ours");
    } finally {
      faults.clear();
    }
  }

  @Test
  void a_token_of_our_own_is_tried_too() throws Exception {
    write("cluster", "oidc: { audience: 'https://kubernetes.acme.example' }", "10m");
    assertThat(examined("cluster")).extracting(Finding::code).containsExactly("issuer", "mints");
    assertThat(entries("cluster").getLast()).contains("\"handed_out\": false");
  }

  @Test
  void google_is_tried_for_a_moment_and_asked_what_it_must_be_told() throws Exception {
    var target =
        """
        gcp: { service-account: '%s@acme-prod.iam.gserviceaccount.com', \
        workload-identity-provider: '//iam.googleapis.com/projects/123456789012/locations/global/\
        workloadIdentityPools/daypass/providers/daypass', \
        scopes: ['https://www.googleapis.com/auth/logging.read'] }\
        """;
    write("gcp-logs", target.formatted("daypass-gcp-logs"), "15m");
    assertThat(examined("gcp-logs")).extracting(Finding::code).containsExactly("issuer", "mints");
    write("gcp-none", target.formatted("daypass-gcp-none"), "15m");
    var finding = only(examined("gcp-none"));
    assertThat(finding.code()).isEqualTo("impersonation_refused");
    assertThat(said(finding)).contains("PERMISSION_DENIED");
    assertThat(mend(finding))
        .contains("workloadIdentityPools/daypass/subject/role:gcp-none")
        .contains("roles/iam.workloadIdentityUser on daypass-gcp-none@");
  }

  private void azure(String name, String... clients) throws IOException {
    write(
        name,
        """
        azure: { tenant: %s, client-id: %s, spare-client-ids: [%s], \
        scope: 'https://storage.azure.com/.default', \
        role-assignment: { role: %s, scope: /subscriptions/%s/resourceGroups/shop } }\
        """
            .formatted(
                AzureStandIn.TENANT,
                clients[0],
                String.join(", ", List.of(clients).subList(1, clients.length)),
                AzureStandIn.BLOB_READER,
                AzureStandIn.SUBSCRIPTION),
        "1h");
  }

  private static String identity(String name, String id, String subject) {
    var app = StandInApp.of(id, AzureStandIn.objectId(id));
    Shared.world().sandbox.azure().add(app.trusting(Shared.world().url(), subject));
    return name;
  }

  private static final String ONE = "d0c70000-0000-4000-8000-000000000001";
  private static final String TWO = "d0c70000-0000-4000-8000-000000000002";

  @Test
  void access_that_azure_is_told_of_for_each_grant_is_tried_without_telling_it() throws Exception {
    azure(
        identity(identity("azure-doctor", ONE, "role:azure-doctor"), TWO, "role:azure-doctor"),
        ONE,
        TWO);
    assertThat(examined("azure-doctor"))
        .extracting(Finding::code)
        .containsExactly("issuer", "mints", "binder_assigns");
    assertThat(kinds("azure-doctor")).containsExactly("intent", "sealed", "intent", "sealed");
    assertThat(entries("azure-doctor").getLast()).contains("\"handed_out\": false");
    azure(identity("azure-doctor", TWO, "role:another"), ONE, TWO);
    var finding = only(examined("azure-doctor"));
    assertThat(finding.code()).isEqualTo("subject_not_trusted");
    assertThat(said(finding)).contains("AADSTS700213", "role:azure-doctor");
    assertThat(mend(finding)).contains(TWO, world.url());
  }

  @Test
  void access_that_google_is_told_of_for_each_grant_is_tried_without_telling_it() throws Exception {
    write(
        "gcp-storage",
        """
        gcp: { service-account: '%1$s-gcp-storage@%2$s', \
        workload-identity-provider: '%3$s', \
        scopes: ['https://www.googleapis.com/auth/devstorage.read_write'], \
        iam-binding: { resource: %4$s, role: roles/storage.objectAdmin, binder: '%1$s-binder@%2$s' } }\
        """
            .formatted(
                "daypass",
                "acme-prod.iam.gserviceaccount.com",
                GcpStandIn.PROVIDER,
                GcpStandIn.PROJECT),
        "10m");
    var before = world.sandbox.calls().list("gcp.resourcemanager", "setIamPolicy").size();
    assertThat(examined("gcp-storage"))
        .extracting(Finding::code)
        .containsExactly("issuer", "mints", "binder_edits");
    assertThat(world.sandbox.calls().list("gcp.resourcemanager", "setIamPolicy")).hasSize(before);
  }

  @Test
  void settings_that_name_nobody_to_assign_roles_are_found_by_the_doctor_and_by_a_check()
      throws Exception {
    azure(identity("azure-unbound", ONE, "role:azure-unbound"), ONE);
    var unset = settings("binder: \"" + AzureStandIn.BINDER + "\"", "");
    assertThat(only(examined("azure-unbound", unset)).code()).isEqualTo("binder_missing");
    var checked = Replica.run("check", "--config", unset.toString());
    assertThat(checked.code()).as(checked.text()).isZero();
    assertThat(checked.text())
        .contains("warning: the role \"azure-unbound\" is assigned for each grant")
        .contains("clouds.azure.binder", "(binder_missing)");
    var named = settings("binder: \"" + AzureStandIn.BINDER + "\"", "binder: \"" + ONE + "\"");
    assertThat(Replica.run("check", "--config", named.toString()).text())
        .contains("(binder_handed_out)");
    assertThat(only(examined("azure-unbound", named)).code()).isEqualTo("binder_handed_out");
    var good = Replica.run("check", "--config", settings("~", "~").toString());
    assertThat(good.text()).doesNotContain("warning: the role");
  }

  @Test
  void while_issuing_is_stopped_nothing_is_tried() throws Exception {
    var role = patient("stopped", "1h", role("stopped", 1));
    var pat = world.person("pat");
    var api = Shared.api();
    api.post("/v1/stop", pat, "reason", "for the doctor").is(200);
    try {
      assertThat(only(examined(role)).code()).isEqualTo("stopped");
      assertThat(kinds(role)).isEmpty();
    } finally {
      api.post("/v1/resume", pat).is(200);
    }
  }

  @Test
  void the_command_says_it_to_people_and_to_programs_and_its_exit_code_says_whether_all_is_well()
      throws Exception {
    patient("good", "1h", role("good", 1));
    patient("bad", "1h", role("bad", 1).withoutTagSession());
    var settings = settings("~", "~").toString();
    var all = Replica.run("doctor", "--config", settings);
    assertThat(all.code()).isEqualTo(1);
    assertThat(all.text())
        .contains("daypass (issuer)", "good (aws)", "bad (aws)")
        .contains("WRONG", "(tags_not_allowed)", "it says: 403 AccessDenied", "mend: allow sts:")
        .contains("daypass: error: 1 thing is wrong")
        .doesNotContain("Exception", "eyJ", "\tat ");
    var one = Replica.run("doctor", "good", "--json", "--config", settings);
    assertThat(one.code()).as(one.text()).isZero();
    assertThat(one.text()).contains("\"code\":\"mints\"").doesNotContain("tags_not_allowed");
    var none = Replica.run("doctor", "nobody", "--config", settings);
    assertThat(none.code()).isEqualTo(1);
    assertThat(none.text()).contains("does not exist", "bad, good");
  }
}

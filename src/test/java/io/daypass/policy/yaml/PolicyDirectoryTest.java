package io.daypass.policy.yaml;

import static org.assertj.core.api.Assertions.assertThat;

import io.daypass.document.Problem;
import io.daypass.policy.AwsAudience;
import io.daypass.policy.Policies;
import io.daypass.policy.Role;
import io.daypass.policy.Rule.Outcome;
import io.daypass.policy.Target;
import io.daypass.policy.yaml.PolicyDirectory.Loaded;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PolicyDirectoryTest {

  private static final String ANYBODY =
      "- { name: x, who: '\"e\" in groups', approval: automatic }";

  @TempDir Path temporary;
  private Directory directory;

  @BeforeEach
  void open() throws IOException {
    directory = new Directory(Files.createDirectory(temporary.resolve("policies")));
  }

  private List<String> codes() {
    return directory.problems().stream().map(Problem::code).toList();
  }

  private List<String> warnings() {
    return directory.warnings().stream().map(Problem::code).toList();
  }

  private Role role() {
    return directory.policies().role("r").orElseThrow();
  }

  private void roleWith(String key, String line) {
    var role = Directory.role(ANYBODY).replaceAll("(?m)^" + key + ":.*\n", "");
    directory.with("r.yaml", role + line + "\n");
  }

  private void target(String target) {
    roleWith("target", "target: { " + target + " }");
  }

  @Test
  void every_problem_of_every_file_is_named_with_its_place() {
    directory.with("b.yaml", Directory.role("- { name: x, wo: 'true', approval: automatic }"));
    directory.with("a.yml", Directory.HEAD.replace("admin", "root") + "rules: []\n");
    assertThat(directory.problems())
        .extracting(Problem::toString)
        .containsExactly(
            "a.yml:3:9: bad_value: \"access\" must be one of read-only, write, admin",
            "a.yml:7:1: bad_value: \"rules\" is a list of one or more rules; a role without a rule"
                + " is nobody's",
            "b.yaml:8:5: rule_for_nobody: a rule that gives something says to whom: \"who\" or"
                + " \"workload\"",
            "b.yaml:8:16: unknown_key: the key \"wo\" is not known here; did you mean \"who\"?");
  }

  @Test
  void a_line_of_approval_that_is_not_right_is_told_once() {
    directory.withRules(
        "- { name: x, who: '\"e\" in groups', approval: [{ frm: '\"leads\" in groups' }] }");
    assertThat(directory.problems())
        .extracting(Problem::code)
        .containsExactlyInAnyOrder("missing_key", "unknown_key");
  }

  @Test
  void f42_one_bad_file_refuses_the_whole_set() {
    directory.withRules(ANYBODY).with("z.yaml", "role: z\n");
    assertThat(directory.load()).isInstanceOf(Loaded.Broken.class);
    assertThat(codes()).isNotEmpty().containsOnly("missing_key");
    assertThat(directory.problems())
        .allSatisfy(p -> assertThat(p.place().file()).isEqualTo("z.yaml"));
  }

  @Test
  void f42_blank_fields_are_problems_and_never_a_crash() {
    directory.with(
        "r.yaml", "role:\ndescription:\naccess:\nsensitivity:\ntarget:\nmax-duration:\nrules:\n");
    assertThat(codes()).contains("empty_value");
    directory.with("r.yaml", Directory.role("- { name:, who:, workload:, approval: }"));
    assertThat(codes()).contains("empty_value");
    directory.with("r.yaml", "[]");
    assertThat(codes()).containsExactly("wrong_type");
    directory.with("r.yaml", "rules: {");
    assertThat(codes()).containsExactly("syntax");
  }

  @Test
  void an_empty_directory_is_no_policy() throws IOException {
    assertThat(codes()).containsExactly("no_policies");
    var none = PolicyDirectory.load(temporary.resolve("none"), Directory.STAFF);
    assertThat(((Loaded.Broken) none).problems())
        .extracting(Problem::code)
        .containsExactly("directory_unreadable");
  }

  @Test
  void a_role_comes_out_as_it_stands() {
    directory.withRules(
        """
        - name: x
          who: '"e" in groups'
          reason: required
          ticket: 'A-[0-9]+'
          max-duration: 30m
          approval:
            - { from: '"l" in groups', count: 2 }
            - { from: '"s" in groups' }
        """);
    assertThat(role().maxDuration()).isEqualTo(Duration.ofHours(8));
    assertThat(role().credentialLifetime()).isEqualTo(Duration.ofHours(1));
    var rule = role().rule("x").orElseThrow();
    assertThat(rule.sourceFile() + ":" + rule.line()).isEqualTo("r.yaml:8");
    assertThat(rule.conditions()).extracting(c -> c.key()).containsExactly("issuer", "who");
    var allow = (Outcome.Allow) rule.outcome();
    assertThat(allow.lines())
        .extracting(l -> l.count() + " " + l.from().text())
        .containsExactly("2 \"l\" in groups", "1 \"s\" in groups");
    assertThat(allow.maxDuration()).isEqualTo(Duration.ofMinutes(30));
    assertThat(allow.asks().reason()).isTrue();
    assertThat(allow.asks().ticket()).isNotNull();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "rule_for_nobody      | - { name: x, approval: automatic }",
        "missing_key          | - { name: x, who: '\"e\" in groups' }",
        "missing_key          | - { who: '\"e\" in groups', approval: automatic }",
        "bad_value            | - { name: x, who: '\"e\" in groups', approval: auto }",
        "bad_value            | - { name: x, who: '\"e\" in groups', approval: [] }",
        "wrong_type           | - { name: x, who: '\"e\" in groups', approval: [automatic] }",
        "wrong_type           | - { name: x, who: true, approval: automatic }",
        "condition_invalid    | - { name: x, who: 'grups', approval: automatic }",
        "condition_not_bool   | - { name: x, who: 'subject', approval: automatic }",
        "pattern_cannot_fail  | - { name: x, who: 'subject.matches(\".*\")', approval: automatic }",
        "pattern_cannot_fail  | - { name: x, who: '\"e\" in groups', ticket: '.+', approval: automatic }",
        "bad_value            | - { name: x, who: '\"e\" in groups', ticket: '(', approval: automatic }",
        "bad_value            | - { name: x, who: '\"e\" in groups', ticket: '(a)\\1', approval: automatic }",
        "bad_value            | - { name: x, who: '\"e\" in groups', reason: maybe, approval: automatic }",
        "bad_value            | - { name: x, who: '\"e\" in groups', during: tomorrow, approval: automatic }",
        "bad_value            | - { name: x, who: '\"e\" in groups', between: always, approval: automatic }",
        "bad_value            | - { name: x, who: '\"e\" in groups', from-networks: [home], approval: automatic }",
        "bad_value            | - { name: x, who: '\"e\" in groups', from-networks: [], approval: automatic }",
        "bad_value            | - { name: x, who: '\"e\" in groups', from-networks: [10.0.0.1/8], approval: automatic }",
        "network_cannot_fail  | - { name: x, who: '\"e\" in groups', from-networks: [0.0.0.0/0], approval: automatic }",
        "network_cannot_fail  | - { name: x, who: '\"e\" in groups', from-networks: ['::/0'], approval: automatic }",
        "duration_over_role   | - { name: x, who: '\"e\" in groups', max-duration: 9h, approval: automatic }",
        "bad_value            | - { name: x, who: '\"e\" in groups', max-duration: 0m, approval: automatic }",
        "bad_value            | - { name: ' ', who: '\"e\" in groups', approval: automatic }",
        "bad_value            | - { name: \"x\\u202e\", who: '\"e\" in groups', approval: automatic }",
        "not_in_a_deny_rule   | - { name: x, deny: no way, approval: automatic }",
        "not_in_a_deny_rule   | - { name: x, deny: no way, ticket: 'A' }",
        "wrong_type           | - { name: x, deny: 7 }",
        "rule_unreachable     | - { name: x, who: 'false', approval: automatic }",
        "issuer_misplaced     | - { name: x, issuer: staff, workload: { github: { repository-id: 7, ref: x } }, approval: automatic }",
        "issuer_unknown       | - { name: x, issuer: partners, who: '\"e\" in groups', approval: automatic }",
        "bad_value            | - { name: x, issuer: [], who: '\"e\" in groups', approval: automatic }",
        "approval_impossible  | - { name: x, who: '\"e\" in groups', approval: [{ from: 'subject == \"a\"', count: 2 }] }",
        "approval_impossible  | - { name: x, who: '\"e\" in groups', approval: [{ from: 'false' }] }",
        "approval_impossible  | - { name: x, who: '\"e\" in groups', approval: [{ from: 'subject == \"a\"' }, { from: 'subject == \"a\"' }] }",
        "not_for_approvers    | - { name: x, who: '\"e\" in groups', approval: [{ from: 'source.ip == \"10.0.0.1\"' }] }",
        "bad_value            | - { name: x, who: '\"e\" in groups', approval: [{ from: '\"l\" in groups', count: 0 }] }",
        "missing_key          | - { name: x, who: '\"e\" in groups', approval: [{ count: 1 }] }",
        "unknown_key          | - { name: x, who: '\"e\" in groups', approval: [{ from: '\"l\" in groups', cout: 1 }] }"
      })
  void each_mistake_has_its_code(String code, String rule) {
    directory.withRules(rule);
    assertThat(codes()).contains(code);
  }

  @Test
  void a_rule_that_can_never_be_reached_is_refused() {
    directory.withRules(
        """
        - { name: closed, who: 'true', deny: closed }
        - { name: x, who: '"e" in groups', approval: automatic }
        """);
    assertThat(directory.problems())
        .extracting(Problem::toString)
        .containsExactly(
            "r.yaml:9:1: rule_unreachable: \"closed\" stands before it and holds whenever this one"
                + " does");
    directory.withRules(
        """
        - { name: a, who: '"e" in groups', approval: automatic }
        - { name: b, who: '"e" in groups', between: Mon 08:00-09:00, approval: automatic }
        """);
    assertThat(codes()).containsExactly("rule_unreachable");
    directory.withRules(
        """
        - { name: a, who: 'true', approval: automatic }
        - { name: b, who: '"e" in groups', deny: too late }
        - { name: c, who: '"e" in groups', approval: automatic }
        """);
    assertThat(codes()).containsExactly("rule_unreachable");
  }

  @Test
  void rules_that_differ_in_a_condition_can_all_be_reached() {
    directory.withRules(
        """
        - { name: freeze, who: 'true', during: 2025-12-20/2026-01-04, deny: closed }
        - { name: a, who: '"e" in groups', between: Mon 08:00-09:00, approval: automatic }
        - { name: b, who: '"e" in groups', from-networks: [10.0.0.0/8], approval: automatic }
        - { name: c, workload: { github: { repository-id: 7, ref: x } }, approval: automatic }
        - { name: d, who: '"e" in groups', approval: automatic }
        """);
    assertThat(codes()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "anyone_may              | - { name: x, who: 'true', approval: automatic }",
        "email_as_identity       | - { name: x, who: 'email == \"a@b.c\"', approval: automatic }",
        "deny_needs_claim        | - { name: x, who: 'claims.a == \"b\"', deny: no way }",
        "deny_needs_claim        | - { name: x, who: 'has(claims.b) && claims.a == \"b\"', deny: no way }",
        "deny_needs_claim        | - { name: x, who: 'has(claims.a.b) && claims.a.b == \"c\"', deny: no way }",
        "deny_needs_claim        | - { name: x, who: 'claims[\"a\"] == \"b\"', deny: no way }",
        "deny_needs_claim        | - { name: x, who: 'claims.a.exists(e, e == \"b\")', deny: no way }",
        "anyone_approves         | - { name: x, who: '\"e\" in groups', approval: [{ from: 'true' }] }",
        "approvers_may_be_nobody | - { name: x, who: '\"e\" in groups', approval: [{ from: 'subject == \"a\"' }] }",
        "approvers_may_be_nobody | - { name: x, who: '\"e\" in groups', approval: [{ from: 'subject in [\"a\", \"b\"]', count: 2 }] }"
      })
  void what_is_only_doubtful_is_a_warning(String code, String rule) {
    directory.withRules(rule);
    assertThat(warnings()).contains(code);
  }

  @Test
  void a_claim_that_a_denial_takes_for_granted_is_named() {
    directory.withRules("- { name: x, who: 'has(claims.b) && claims.a.c == \"b\"', deny: no way }");
    assertThat(directory.warnings())
        .singleElement()
        .satisfies(
            problem -> assertThat(problem.message()).contains("lacks claims.a;", "has(claims.a)"));
  }

  @Test
  void what_is_fine_gives_no_warning() {
    directory.withRules(
        """
        - { name: d, who: 'has(claims.a) && claims.a == "b"', deny: no way }
        - { name: f, who: '!has(claims.a) || claims.a == "b"', deny: no way }
        - { name: g, who: '"a" in claims && claims["a"] == "b"', deny: no way }
        - { name: h, who: 'has(claims.a) && has(claims.a.b) && claims.a.b == "c"', deny: no way }
        - { name: i, who: 'size(claims) > 40', deny: no way }
        - { name: x, who: '"e" in groups', approval: [{ from: 'subject in ["a", "b"]' }] }
        """);
    assertThat(warnings()).isEmpty();
  }

  @Test
  void b1_role_names_are_unique_whatever_their_case() {
    directory
        .withRules(ANYBODY)
        .with("s.yaml", Directory.role(ANYBODY).replace("role: r", "role: R"));
    assertThat(codes()).containsExactly("role_name_taken");
    roleWith("role", "role: 'r\u00e9'");
    assertThat(codes()).contains("bad_value");
    directory.withRules(
        ANYBODY + "\n" + ANYBODY.replace("name: x", "name: X").replace("e\\\"", "f\\\""));
    assertThat(codes()).contains("rule_name_taken");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "aws: { role-arn: 'arn:aws:iam::123456789012:role/${claims.repository}' }",
        "aws: { role-arn: 'arn:aws:iam::123456789012:role/{{ subject }}' }",
        "aws: { role-arn: 'arn:aws:iam::*:role/x' }",
        "oidc: { audience: 'https://*.acme.test' }",
        "azure: { tenant: '{tenant}', client-id: 00000000-0000-0000-0000-000000000001, scope: 'https://a/.default', outlives-approval: accepted }"
      })
  void b3_nothing_of_a_caller_goes_into_a_target(String target) {
    target(target);
    assertThat(codes()).isNotEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "daypass-r",
        "role/r",
        "123456789012:role/r",
        "arn:aws:iam::12345678901:role/r",
        "arn:aws:iam::123456789012:user/r",
        "arn:aws:iam::123456789012:role/",
        "arn:aws-xx:iam::123456789012:role/r",
        "arn:aws:iam::123456789012:role/r ",
        "arn:aws:sts::123456789012:assumed-role/r/x"
      })
  void b7_a_role_is_named_by_its_full_arn(String arn) {
    target("aws: { role-arn: '" + arn + "' }");
    assertThat(codes()).containsExactly("bad_value");
  }

  @Test
  void b7_partition_account_and_path_are_kept() {
    target("aws: { role-arn: 'arn:aws-us-gov:iam::123456789012:role/a/b/r' }");
    var arn = ((Target.Aws) role().target()).roleArn();
    assertThat(arn).hasToString("arn:aws-us-gov:iam::123456789012:role/a/b/r");
    assertThat(arn.path()).isEqualTo("/a/b/");
  }

  @Test
  void the_other_clouds_are_read_too() {
    target(
        "gcp: { service-account: deploy@acme-prod.iam.gserviceaccount.com, workload-identity-provider:"
            + " //iam.googleapis.com/projects/7/locations/global/workloadIdentityPools/pool/providers/daypass,"
            + " scopes: [https://www.googleapis.com/auth/cloud-platform] }");
    assertThat(role().target().cloud()).isEqualTo("gcp");
    target(
        "azure: { tenant: 00000000-0000-0000-0000-000000000001, client-id:"
            + " 00000000-0000-0000-0000-000000000002, scope: 'https://management.azure.com/.default',"
            + " role-assignment: { role: 00000000-0000-0000-0000-000000000003, scope: /subscriptions/x } }");
    assertThat(((Target.Azure) role().target()).assignment()).isNotNull();
    target(
        "azure: { tenant: 00000000-0000-0000-0000-000000000001, client-id:"
            + " 00000000-0000-0000-0000-000000000002, scope: 'https://management.azure.com/.default',"
            + " outlives-approval: accepted }");
    assertThat(((Target.Azure) role().target()).assignment()).isNull();
    target(
        "oidc: { audience: https://deploy.acme.test, claims: { a: b, n: 7, l: [x], t: true, m: { k: v } } }");
    assertThat(((Target.Oidc) role().target()).claims()).containsEntry("n", 7L).hasSize(5);
    assertThat(role().credentialLifetime()).isEqualTo(Duration.ofMinutes(10));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "bad_value           | aws: { role-arn: 'arn:aws:iam::123456789012:role/r' }, gcp: { }",
        "bad_value           | vmware: { }",
        "console_unknown     | aws: { role-arn: 'arn:aws:iam::123456789012:role/r', console: [https://evil.test] }",
        "unknown_key         | aws: { role-arn: 'arn:aws:iam::123456789012:role/r', external-id: x }",
        "missing_key         | gcp: { service-account: x }",
        "bad_value           | gcp: { service-account: x, workload-identity-provider: y, scopes: [z] }",
        "azure_may_outlive   | azure: { tenant: 00000000-0000-0000-0000-000000000001, client-id: 00000000-0000-0000-0000-000000000002, scope: 'https://a/.default' }",
        "azure_may_outlive   | azure: { tenant: 00000000-0000-0000-0000-000000000001, client-id: 00000000-0000-0000-0000-000000000002, scope: 'https://a/.default', outlives-approval: accepted, role-assignment: { role: 00000000-0000-0000-0000-000000000003, scope: /x } }",
        "bad_value           | azure: { tenant: 00000000-0000-0000-0000-000000000001, client-id: 00000000-0000-0000-0000-000000000002, scope: 'https://a/.default', outlives-approval: yes }",
        "bad_value           | azure: { tenant: 00000000-0000-0000-0000-000000000001, client-id: 00000000-0000-0000-0000-000000000002, scope: 'https://a/x', outlives-approval: accepted }",
        "bad_value           | azure: { tenant: 00000000-0000-0000-0000-000000000001, client-id: 00000000-0000-0000-0000-000000000002, scope: 'https://a/.default', role-assignment: { role: 00000000-0000-0000-0000-000000000003, scope: x } }",
        "missing_audience    | oidc: { claims: { } }",
        "missing_audience    | oidc: { audience: ' ' }",
        "audience_of_a_cloud | oidc: { audience: sts.amazonaws.com }",
        "audience_of_a_cloud | oidc: { audience: daypass-aws-123456789012 }",
        "audience_of_a_cloud | oidc: { audience: 'api://AzureADTokenExchange' }",
        "audience_of_a_cloud | oidc: { audience: 'api://AzureADTokenExchangeUSGov' }",
        "audience_of_a_cloud | oidc: { audience: 'api://AzureADTokenExchangeChina' }",
        "claim_reserved      | oidc: { audience: x, claims: { sub: y } }",
        "claim_reserved      | oidc: { audience: x, claims: { 'https://aws.amazon.com/tags': { } } }",
        "wrong_type          | oidc: { audience: x, claims: { a: 1.5 } }",
        "bad_value           | oidc: { audience: x, claims: { a: 9999999999999999 } }"
      })
  void targets_that_are_not_right_are_refused(String code, String target) {
    target(target);
    assertThat(codes()).contains(code);
  }

  @ParameterizedTest
  @CsvSource({
    "keys-for-123456789012, false",
    "keys-for-1, true",
    "keys-for-1234567890123, true",
    "daypass-aws-123456789012, false"
  })
  void an_assertion_for_aws_is_no_token_for_another_audience_whatever_it_is_called(
      String audience, boolean good) {
    target("oidc: { audience: " + audience + " }");
    var known = new Installation(Directory.STAFF.humans(), new AwsAudience("keys-for-{account}"));
    var loaded = PolicyDirectory.load(temporary.resolve("policies"), known);
    assertThat(loaded instanceof Loaded.Read).isEqualTo(good);
  }

  @ParameterizedTest
  @CsvSource({"13h, lifetime_too_long", "12h1s, lifetime_too_long"})
  void a_lifetime_over_what_aws_gives_is_refused(String lifetime, String code) {
    roleWith("credential-lifetime", "credential-lifetime: " + lifetime);
    assertThat(codes()).containsExactly(code);
  }

  @Test
  void lifetimes_are_held_against_each_cloud() {
    roleWith("credential-lifetime", "credential-lifetime: 5m");
    assertThat(warnings()).containsExactly("lifetime_below_floor");
    var gcp =
        "target: { gcp: { service-account: deploy@acme-prod.iam.gserviceaccount.com, workload-identity-provider:"
            + " //iam.googleapis.com/projects/7/locations/global/workloadIdentityPools/pool/providers/daypass,"
            + " scopes: [https://www.googleapis.com/auth/cloud-platform] } }\ncredential-lifetime: ";
    roleWith("target", gcp + "2h");
    assertThat(warnings()).containsExactly("lifetime_needs_constraint");
    roleWith("target", gcp + "13h");
    assertThat(codes()).containsExactly("lifetime_too_long");
    roleWith("target", "target: { oidc: { audience: x } }\ncredential-lifetime: 11m");
    assertThat(codes()).containsExactly("lifetime_too_long");
  }

  @Test
  void a_short_role_has_short_credentials() {
    roleWith("max-duration", "max-duration: 20m");
    assertThat(role().credentialLifetime()).isEqualTo(Duration.ofMinutes(20));
  }

  private void sessionPolicy(String json) {
    directory.with("aws/p.json", json);
    target("aws: { role-arn: 'arn:aws:iam::123456789012:role/r', session-policy: aws/p.json }");
  }

  private static String statement(String more) {
    return "{ \"Version\": \"2012-10-17\", \"Statement\": [ { " + more + " } ] }";
  }

  @Test
  void b9_a_session_policy_narrows_and_is_minified() {
    sessionPolicy(
        statement("\"Effect\": \"Allow\", \"Action\": \"s3:Get*\",\n\t\"Resource\": [ \"*\" ]"));
    var policy = java.util.Objects.requireNonNull(((Target.Aws) role().target()).sessionPolicy());
    assertThat(policy.statements())
        .isEqualTo("{\"Effect\":\"Allow\",\"Action\":\"s3:Get*\",\"Resource\":[\"*\"]}");
    assertThat(policy.composedLength())
        .isEqualTo(
            ("{\"Version\":\"2012-10-17\",\"Statement\":["
                    + policy.statements()
                    + ",{\"Effect\":\"Deny\","
                    + "\"Action\":\"*\",\"Resource\":\"*\",\"Condition\":{\"DateGreaterThanEquals\":"
                    + "{\"aws:CurrentTime\":\"2026-08-22T14:05:00Z\"}}}]}")
                .length());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "syntax                        | {",
        "wrong_type                    | []",
        "duplicate_key                 | { \"Version\": \"2012-10-17\", \"Version\": \"2008-10-17\", \"Statement\": [] }",
        "bad_value                     | { \"Version\": \"2008-10-17\", \"Statement\": { \"Effect\": \"Allow\", \"Action\": \"*\", \"Resource\": \"*\" } }",
        "missing_key                   | { \"Version\": \"2012-10-17\" }",
        "session_policy_empty          | { \"Version\": \"2012-10-17\", \"Statement\": [] }",
        "session_policy_allows_nothing | { \"Version\": \"2012-10-17\", \"Statement\": { \"Effect\": \"Deny\", \"Action\": \"*\", \"Resource\": \"*\" } }",
        "wrong_type                    | { \"Version\": \"2012-10-17\", \"Statement\": [7] }",
        "bad_value                     | { \"Version\": \"2012-10-17\", \"Statement\": { \"Effect\": \"allow\", \"Action\": \"*\", \"Resource\": \"*\" } }",
        "missing_key                   | { \"Version\": \"2012-10-17\", \"Statement\": { \"Effect\": \"Allow\", \"Resource\": \"*\" } }",
        "missing_key                   | { \"Version\": \"2012-10-17\", \"Statement\": { \"Effect\": \"Allow\", \"Action\": \"*\" } }",
        "unknown_key                   | { \"Version\": \"2012-10-17\", \"Statement\": { \"Effect\": \"Allow\", \"Action\": \"*\", \"Resource\": \"*\", \"Principal\": \"*\" } }",
        "bad_value                     | { \"Version\": \"2012-10-17\", \"Statement\": { \"Effect\": \"Allow\", \"Action\": [], \"Resource\": \"*\" } }"
      })
  void session_policies_that_aws_would_refuse_are_refused_before(String code, String json) {
    sessionPolicy(json);
    assertThat(codes()).contains(code);
  }

  @Test
  void a_session_policy_that_is_too_long_with_the_end_in_it_is_refused() {
    var frame = statement("\"Effect\": \"Allow\", \"Action\": \"s3:%s\", \"Resource\": \"*\"");
    sessionPolicy(frame.formatted("x".repeat(1800)));
    assertThat(codes()).isEmpty();
    sessionPolicy(frame.formatted("x".repeat(1900)));
    assertThat(codes()).containsExactly("session_policy_too_long");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "../outside.json",
        "aws/../../outside.json",
        "/etc/passwd",
        "aws/./p.json",
        "aws//p.json",
        "aws/.p.json",
        "aws\\\\p.json",
        "aws/p.yaml",
        "none.json",
        "aws/link.json",
        "aws"
      })
  void nothing_outside_of_the_directory_is_read(String name) throws IOException {
    Files.writeString(temporary.resolve("outside.json"), "{}");
    Files.createDirectories(directory.path().resolve("aws"));
    Files.createSymbolicLink(
        directory.path().resolve("aws/link.json"), temporary.resolve("outside.json"));
    target(
        "aws: { role-arn: 'arn:aws:iam::123456789012:role/r', session-policy: \"" + name + "\" }");
    assertThat(codes()).containsExactly("file_refused");
  }

  @Test
  void a_role_file_that_is_a_link_out_is_refused_and_one_within_is_read() throws IOException {
    var outside = Files.writeString(temporary.resolve("out.yaml"), Directory.role(ANYBODY));
    var link = Files.createSymbolicLink(directory.path().resolve("r.yaml"), outside);
    assertThat(codes()).containsExactly("file_refused");
    Files.delete(link);
    directory.with("..data/r.yaml", Directory.role(ANYBODY));
    Files.createSymbolicLink(link, Path.of("..data/r.yaml"));
    assertThat(role().name()).isEqualTo("r");
  }

  @Test
  void a_file_that_is_too_large_is_refused() {
    directory.with("r.yaml", "#".repeat((1 << 20) + 1));
    assertThat(codes()).containsExactly("file_refused");
  }

  @Test
  void the_digests_change_with_every_byte_that_is_used() {
    sessionPolicy(statement("\"Effect\":\"Allow\",\"Action\":\"*\",\"Resource\":\"*\""));
    directory.with("s.yaml", Directory.role(ANYBODY).replace("role: r", "role: s"));
    directory.with("tests/t.yaml", "x").with("README.md", "x").with(".hidden.yaml", "x");
    var before = directory.policies();
    directory.with("tests/t.yaml", "y").with("README.md", "y").with(".hidden.yaml", "y");
    assertThat(directory.policies().digest()).isEqualTo(before.digest()).matches("[0-9a-f]{64}");
    sessionPolicy(statement("\"Effect\":\"Allow\",\"Action\":\"s3:*\",\"Resource\":\"*\""));
    var after = directory.policies();
    assertThat(after.digest()).isNotEqualTo(before.digest());
    assertThat(after.role("r").orElseThrow().digest())
        .isNotEqualTo(before.role("r").orElseThrow().digest());
    assertThat(after.role("s").orElseThrow().digest())
        .isEqualTo(before.role("s").orElseThrow().digest())
        .matches("[0-9a-f]{64}");
  }

  private static final String PLAIN =
      """
      role: r
      description: A role
      access: admin
      sensitivity: low
      target: { aws: { role-arn: 'arn:aws:iam::123456789012:role/r', session-policy: p.json } }
      max-duration: 8h
      rules:
        - { name: one, who: '"e" in groups', approval: automatic }
        - { name: two, who: '"f" in groups', approval: automatic }
      """;

  private static final String PLAIN_SESSION =
      "{\"Version\":\"2012-10-17\",\"Statement\":"
          + "[{\"Effect\":\"Allow\",\"Action\":\"s3:*\",\"Resource\":\"*\"}]}";

  @Test
  void a_role_s_digest_is_of_what_it_says_and_not_of_how_it_is_written() {
    directory.with("r.yaml", PLAIN).with("p.json", PLAIN_SESSION);
    var before = directory.policies();
    directory
        .with(
            "r.yaml",
            """
            # What the auditors asked for.
            max-duration:   '8h'
            sensitivity: low
            access: admin       # all of it
            description: "A role"
            role: r

            target:
              aws:
                session-policy: p.json
                role-arn: arn:aws:iam::123456789012:role/r
            rules:
              - who: '"e" in groups'
                approval: automatic
                name: one
              - { approval: automatic, name: two, who: '"f" in groups' }
            """)
        .with(
            "p.json",
            PLAIN_SESSION
                .replace("{\"Version\":\"2012-10-17\",", "{\n  ")
                .replace("]}", "],\n  \"Version\": \"2012-10-17\" }"));
    var after = directory.policies();
    assertThat(role(after).digest()).isEqualTo(role(before).digest());
    assertThat(after.digest()).as("of the bytes").isNotEqualTo(before.digest());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "description: A role | description: Another role",
        "access: admin | access: write",
        "sensitivity: low | sensitivity: high",
        "role/r' | role/s'",
        ", session-policy: p.json | ''",
        "session-policy: p.json | session-policy: p.json, console: [s3]",
        "max-duration: 8h | max-duration: 7h",
        "rules: | credential-lifetime: 30m\\nrules:",
        "name: two | name: three",
        "\"f\" in groups | \"g\" in groups",
        "automatic } | automatic, reason: required }",
        "automatic } | [{ from: '\"l\" in groups', count: 1 }] }",
        "name: one | name: one, between: Mon-Fri 08:00-18:00",
      })
  void every_value_of_a_role_is_in_its_digest(String value, String other) {
    directory.with("r.yaml", PLAIN).with("p.json", PLAIN_SESSION);
    var before = directory.policies();
    var changed = PLAIN.replaceFirst(Pattern.quote(value), Matcher.quoteReplacement(other));
    assertThat(changed).isNotEqualTo(PLAIN);
    directory.with("r.yaml", changed.replace("\\n", "\n"));
    assertThat(role(directory.policies()).digest()).isNotEqualTo(role(before).digest());
  }

  @Test
  void the_order_of_rules_is_in_a_role_s_digest() {
    directory.with("r.yaml", PLAIN).with("p.json", PLAIN_SESSION);
    var before = directory.policies();
    directory.with(
        "r.yaml",
        PLAIN
            .replace("name: one, who: '\"e\"", "name: x, who: '\"x\"")
            .replace("name: two, who: '\"f\"", "name: one, who: '\"e\"")
            .replace("name: x, who: '\"x\"", "name: two, who: '\"f\""));
    assertThat(role(directory.policies()).digest()).isNotEqualTo(role(before).digest());
  }

  private static Role role(Policies policies) {
    return policies.role("r").orElseThrow();
  }
}

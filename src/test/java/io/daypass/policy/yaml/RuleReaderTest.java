package io.daypass.policy.yaml;

import static org.assertj.core.api.Assertions.assertThat;

import io.daypass.document.Problem;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is wrong with a rule, and what is only doubtful about it. */
class RuleReaderTest {

  private Directory directory;

  @BeforeEach
  void open(@TempDir Path temporary) {
    directory = new Directory(temporary);
  }

  @Test
  void a_line_of_approval_that_is_not_right_is_told_once() {
    directory.withRules(
        "- { name: x, who: '\"e\" in groups', approval: [{ frm: '\"leads\" in groups' }] }");
    assertThat(directory.problems())
        .extracting(Problem::code)
        .containsExactlyInAnyOrder("missing_key", "unknown_key");
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
    assertThat(directory.codes()).contains(code);
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
    assertThat(directory.codes()).containsExactly("rule_unreachable");
    directory.withRules(
        """
        - { name: a, who: 'true', approval: automatic }
        - { name: b, who: '"e" in groups', deny: too late }
        - { name: c, who: '"e" in groups', approval: automatic }
        """);
    assertThat(directory.codes()).containsExactly("rule_unreachable");
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
    assertThat(directory.codes()).isEmpty();
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
    assertThat(directory.warningCodes()).contains(code);
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
    assertThat(directory.warningCodes()).isEmpty();
  }
}

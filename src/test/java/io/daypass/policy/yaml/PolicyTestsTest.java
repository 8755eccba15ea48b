package io.daypass.policy.yaml;

import static org.assertj.core.api.Assertions.assertThat;

import io.daypass.document.Problem;
import io.daypass.policy.yaml.PolicyTests.Outcome;
import io.daypass.policy.yaml.PolicyTests.Result;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PolicyTestsTest {

  private static final String CALLERS =
      """
      callers:
        a: { issuer: staff, groups: [e], email: a@acme.test }
        b: { issuer: staff, groups: [l] }
        c: { issuer: staff, groups: [l, s] }
        d: { issuer: staff, groups: [s] }
        twin: { issuer: staff, groups: [l], email: A@acme.test }
      tests:
      """;

  @TempDir Path temporary;
  private Directory directory;

  @BeforeEach
  void open() {
    directory =
        new Directory(temporary)
            .withRules(
                """
                - name: two
                  who: '"e" in groups'
                  approval: [{ from: '"l" in groups' }, { from: '"s" in groups' }]
                """);
  }

  private Outcome run(String tests) {
    directory.with("tests/t.yaml", CALLERS + tests);
    return PolicyTests.run(temporary, directory.policies());
  }

  private List<String> complaints(String test) {
    var outcome = run("  - { name: t, caller: a, role: r, " + test + " }\n");
    assertThat(outcome.problems()).isEmpty();
    return outcome.results().stream().map(Result::complaints).flatMap(List::stream).toList();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "b, d | true",
        "d, b | true",
        "c, d | true",
        "b, c | true",
        "c, b | true",
        "c | false",
        "b | false",
        "c, c | false",
        "a, d | false",
        "twin, d | false",
        "b, twin, a | false"
      })
  void every_line_takes_another_person_and_never_the_requester(String people, boolean enough) {
    var key = enough ? "approved-by" : "not-approved-by";
    var opposite = enough ? "not-approved-by" : "approved-by";
    assertThat(complaints("expect: needs-approval, " + key + ": [" + people + "]")).isEmpty();
    assertThat(complaints("expect: needs-approval, " + opposite + ": [" + people + "]")).hasSize(1);
  }

  @Test
  void what_is_expected_and_not_so_is_said() {
    assertThat(complaints("expect: granted"))
        .containsExactly("expected granted, got needs-approval by \"two\"");
    assertThat(complaints("expect: denied, for: 9h")).isEmpty();
    assertThat(complaints("expect: denied, for: 9h, code: no_rule_matched"))
        .containsExactly("expected the code \"no_rule_matched\", got \"duration_too_long\"");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "missing_key    | { name: t, caller: a, role: r }",
        "missing_key    | { name: t, role: r, expect: denied }",
        "caller_unknown | { name: t, caller: x, role: r, expect: denied }",
        "role_unknown   | { name: t, caller: a, role: s, expect: denied }",
        "unknown_key    | { name: t, caller: a, role: r, expect: denied, form: x }",
        "bad_value      | { name: t, caller: a, role: r, expect: maybe }",
        "bad_value      | { name: t, caller: a, role: r, expect: denied, at: noon }",
        "bad_value      | { name: t, caller: a, role: r, expect: denied, from: home }",
        "bad_value      | { name: t, caller: a, role: r, expect: denied, code: nope }",
        "bad_value      | { name: t, caller: a, role: r, expect: granted, approved-by: [b] }"
      })
  void a_test_that_cannot_be_read_is_never_passed_over(String code, String test) {
    var outcome = run("  - " + test + "\n");
    assertThat(outcome.problems()).extracting(Problem::code).contains(code);
    assertThat(outcome.passed()).isFalse();
  }

  @Test
  void no_test_is_no_success() {
    var outcome = PolicyTests.run(temporary, directory.policies());
    assertThat(outcome.problems()).extracting(Problem::code).containsExactly("no_tests");
    assertThat(outcome.passed()).isFalse();
    assertThat(run("  []\n").passed()).isFalse();
    directory.with("tests/t.yaml", "[");
    assertThat(PolicyTests.run(temporary, directory.policies()).passed()).isFalse();
    var nowhere = PolicyTests.run(temporary.resolve("none"), directory.policies());
    assertThat(nowhere.problems())
        .extracting(Problem::code)
        .containsExactly("directory_unreadable");
  }

  @Test
  void callers_are_read_strictly() {
    var problems = new ArrayList<Problem>();
    directory.with("c.yaml", "{ issuer: staff, subjct: x }");
    assertThat(Explaining.caller(temporary.resolve("c.yaml"), problems)).isEmpty();
    assertThat(problems).extracting(Problem::code).containsExactly("unknown_key");
    problems.clear();
    directory.with("c.yaml", "[");
    assertThat(Explaining.caller(temporary.resolve("c.yaml"), problems)).isEmpty();
    assertThat(problems).extracting(Problem::code).containsExactly("syntax");
    directory.with(
        "c.json",
        "{ \"issuer\": \"staff\", \"subject\": \"x\", \"claims\": { \"n\": 7, \"d\": 1.5, \"t\": true, \"l\": [\"y\"], \"m\": {\"k\": \"v\"} } }");
    var caller = Explaining.caller(temporary.resolve("c.json"), new ArrayList<>()).orElseThrow();
    assertThat(caller.claims())
        .containsEntry("n", 7L)
        .containsEntry("d", 1.5)
        .containsEntry("t", true)
        .containsEntry("sub", "x");
  }
}

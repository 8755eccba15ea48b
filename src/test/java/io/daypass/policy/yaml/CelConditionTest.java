package io.daypass.policy.yaml;

import static org.assertj.core.api.Assertions.assertThat;

import io.daypass.document.Place;
import io.daypass.document.Problem;
import io.daypass.identity.CallerId;
import io.daypass.identity.Identity;
import io.daypass.identity.Kind;
import io.daypass.policy.Condition.Truth;
import io.daypass.policy.Facts;
import io.daypass.policy.Wish;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CelConditionTest {

  private static final Place HERE = new Place("r.yaml", 3, 7);
  private static final Truth HELD = new Truth.Held();
  private static final Truth NOT_HELD = new Truth.NotHeld();

  private final Findings findings = new Findings();

  private static Facts facts(Map<String, Object> claims, Set<String> groups) {
    var identity =
        new Identity(
            new CallerId("staff", "u-1"), Kind.HUMAN, "A", "a@acme.test", null, groups, claims);
    var wish = new Wish(Duration.ofHours(2), "why", "OPS-1");
    return new Facts(identity, "r", wish, "10.1.2.3", Directory.NOON);
  }

  private static final Facts FACTS =
      facts(
          Map.of(
              "dept",
              "ops",
              "level",
              7L,
              "mfa",
              true,
              "roles",
              List.of("x", "y"),
              "nested",
              Map.of("a", Map.of("b", "c"))),
          Set.of("engineering", "on-call"));

  private CelCondition compiled(String expression) {
    var condition = new Cel().compile(expression, HERE, findings);
    assertThat(findings.errors()).isEmpty();
    return condition.orElseThrow();
  }

  private Truth holds(String expression) {
    return compiled(expression).holds(FACTS);
  }

  private List<String> refusals(String expression) {
    assertThat(new Cel().compile(expression, HERE, findings)).isEmpty();
    assertThat(findings.errors()).extracting(Problem::place).containsOnly(HERE);
    return findings.errors().stream().map(Problem::code).distinct().toList();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "true",
        "issuer == 'staff' && subject == 'u-1' && kind == 'human' && email == 'a@acme.test'",
        "'on-call' in groups",
        "groups.exists(g, g.startsWith('eng'))",
        "claims.dept == 'ops' && claims['level'] == 7 && claims.mfa == true",
        "claims.level > 6",
        "'x' in claims.roles",
        "claims.nested.a.b == 'c'",
        "has(claims.dept) && !has(claims.none)",
        "request.role == 'r' && request.duration == duration('2h') && request.reason == 'why'",
        "request.ticket == 'OPS-1'",
        "request.duration <= duration('3h')",
        "source.ip == '10.1.2.3'",
        "now < timestamp('2026-03-02T12:00:01Z')",
        "now.getDayOfWeek() == 1",
        "request.ticket.matches('OPS-[0-9]+')"
      })
  void every_variable_can_be_looked_at(String expression) {
    assertThat(holds(expression)).isEqualTo(HELD);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "false",
        "'leads' in groups",
        "claims.dept == 'OPS'",
        "claims.level == 8",
        "claims.level == '7'",
        "kind == 'workload'",
        "issuer == 'Staff'"
      })
  void what_is_not_so_does_not_hold(String expression) {
    assertThat(holds(expression)).isEqualTo(NOT_HELD);
  }

  @Test
  void b2_a_pattern_speaks_of_the_whole_text_and_is_never_searched() {
    assertThat(holds("claims.dept.matches('op')")).isEqualTo(NOT_HELD);
    assertThat(holds("claims.dept.matches('ops|x')")).isEqualTo(HELD);
    assertThat(holds("claims.dept.matches('o|s')")).isEqualTo(NOT_HELD);
    assertThat(holds("claims.dept.matches('s')")).isEqualTo(NOT_HELD);
    assertThat(holds("claims.dept.matches('o|xps')")).isEqualTo(NOT_HELD);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {".*", ".+", "", "^.*$", "[^ ]*", "\\\\S{1,99}", "(?s).*", "x|.*", "[!-~]+"})
  void b2_a_pattern_that_cannot_fail_is_refused(String pattern) {
    assertThat(refusals("subject.matches('" + pattern + "')"))
        .containsAnyOf("pattern_cannot_fail", "pattern_invalid")
        .hasSize(1);
  }

  @Test
  void b2_a_pattern_is_never_made_from_a_callers_data() {
    assertThat(refusals("subject.matches(claims.pattern)")).containsExactly("pattern_not_constant");
    assertThat(refusals("matches(subject, 'a' + 'b')")).containsExactly("pattern_not_constant");
  }

  @Test
  void a_pattern_that_is_none_is_refused() {
    assertThat(refusals("subject.matches('(')")).containsExactly("pattern_invalid");
  }

  @Test
  void b1_text_is_compared_byte_for_byte() {
    var umlaut = facts(Map.of("dept", "\u00e4"), Set.of());
    assertThat(compiled("claims.dept == '\u00e4'").holds(umlaut)).isEqualTo(HELD);
    assertThat(compiled("claims.dept == 'a\u0308'").holds(umlaut)).isEqualTo(NOT_HELD);
    assertThat(compiled("claims.dept == '\u00c4'").holds(umlaut)).isEqualTo(NOT_HELD);
  }

  @Test
  void a_missing_claim_is_not_met_and_says_so() {
    assertThat(holds("claims.none == 'x'"))
        .isEqualTo(new Truth.Failed("a claim it looks at is missing"));
    assertThat(holds("claims.nested.none.b == 'x'"))
        .isEqualTo(new Truth.Failed("a claim it looks at is missing"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "claims.dept > 3",
        "claims.dept.a == 'x'",
        "claims.roles[7] == 'x'",
        "1 / (claims.level - 7) == 1",
        "claims.level + 9223372036854775807 > 0",
        "timestamp(claims.dept) < now",
        "claims.mfa.startsWith('x')",
        "int(claims.dept) == 3"
      })
  void what_cannot_be_evaluated_is_not_met_and_never_thrown(String expression) {
    assertThat(holds(expression)).isInstanceOf(Truth.Failed.class);
  }

  @Test
  void why_never_repeats_what_a_token_says() {
    var secret = facts(Map.of("dept", "hunter2"), Set.of());
    var truth = compiled("timestamp(claims.dept) < now || int(claims.dept) == 3").holds(secret);
    assertThat(truth.toString()).doesNotContain("hunter2");
  }

  @Test
  void an_email_or_ticket_that_is_not_known_is_empty() {
    var nobody = Directory.person("x");
    var wish = new Wish(Duration.ofHours(2), "", null);
    var facts = new Facts(nobody, "r", wish, "10.1.2.3", Directory.NOON);
    assertThat(compiled("email == '' && request.ticket == ''").holds(facts)).isEqualTo(HELD);
  }

  @Test
  void a_claim_that_is_null_or_odd_does_no_harm() {
    var nested = new HashMap<String, Object>();
    nested.put("n", null);
    nested.put("d", 1.5);
    var facts = facts(Map.of("o", nested), Set.of());
    assertThat(compiled("claims.o.n == 'x'").holds(facts)).isNotEqualTo(HELD);
    assertThat(compiled("claims.o.d > 1.0").holds(facts)).isEqualTo(HELD);
  }

  @ParameterizedTest
  @ValueSource(strings = {"subject", "claims.flag", "1", "'true'", "groups", "size(groups)"})
  void a_condition_is_true_or_false_and_nothing_else(String expression) {
    assertThat(refusals(expression)).containsExactly("condition_not_bool");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "group == 'x'",
        "request.tickets == 'x'",
        "request",
        "subject == 1",
        "'a' in subject",
        "(",
        "groups.exists(g)",
        "nofunction(subject)",
        "subject == 'a",
        "source.port == 1"
      })
  void what_is_misspelt_is_found_when_it_is_loaded(String expression) {
    assertThat(refusals(expression)).containsExactly("condition_invalid");
  }

  @Test
  void long_and_deep_conditions_are_refused() {
    assertThat(refusals("true" + " && true".repeat(300))).containsExactly("condition_too_long");
    findings.errors().clear();
    assertThat(refusals("(".repeat(200) + "true" + ")".repeat(200)))
        .containsExactly("condition_invalid");
  }

  @Test
  void a_callers_data_cannot_make_a_condition_run_for_long() {
    var groups = IntStream.range(0, 400).mapToObj(i -> "g" + i).collect(Collectors.toSet());
    var facts = facts(Map.of(), groups);
    var cubic =
        compiled("groups.all(a, groups.all(b, groups.all(c, a != 'x' && b != 'x' && c != 'x')))");
    assertThat(cubic.holds(facts)).isEqualTo(new Truth.Failed("it takes too long"));
    assertThat(compiled("groups.all(a, a != 'x')").holds(facts)).isEqualTo(HELD);
  }

  @Test
  void one_condition_serves_many_threads() {
    var condition = compiled("claims.level == 7 && groups.exists(g, g == 'on-call')");
    var other = facts(Map.of("level", 8L), Set.of("on-call"));
    assertThat(
            IntStream.range(0, 20_000)
                .parallel()
                .mapToObj(i ->
                    condition
                        .holds(i % 2 == 0 ? FACTS : other)
                        .equals(i % 2 == 0 ? HELD : NOT_HELD)))
        .doesNotContain(false);
  }

  @Test
  void the_people_it_spells_out_are_known() {
    assertThat(compiled("subject == 'a'").people()).contains(Set.of("a"));
    assertThat(compiled("'a' == email").people()).contains(Set.of("a"));
    assertThat(compiled("subject in ['a', 'b']").people()).contains(Set.of("a", "b"));
    assertThat(compiled("subject == 'a' || email == 'b'").people()).contains(Set.of("a", "b"));
    assertThat(compiled("subject == 'a' && 'x' in groups").people()).contains(Set.of("a"));
    assertThat(compiled("subject in ['a', 'b'] && email == 'b'").people()).contains(Set.of("b"));
    assertThat(compiled("subject == 'a' || 'x' in groups").people()).isEmpty();
    assertThat(compiled("subject != 'a'").people()).isEmpty();
    assertThat(compiled("subject in claims.list").people()).isEmpty();
    assertThat(compiled("subject in ['a', claims.x]").people()).isEmpty();
    assertThat(compiled("issuer == 'a'").people()).isEmpty();
  }
}

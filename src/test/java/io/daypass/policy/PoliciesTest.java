package io.daypass.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.daypass.identity.CallerId;
import io.daypass.identity.Identity;
import io.daypass.identity.Kind;
import io.daypass.policy.Condition.Truth;
import io.daypass.policy.Decision.Denied;
import io.daypass.policy.Decision.Granted;
import io.daypass.policy.Decision.NeedsApproval;
import io.daypass.policy.Denial.Code;
import io.daypass.policy.Rule.Asks;
import io.daypass.policy.Rule.NamedCondition;
import io.daypass.policy.Rule.Outcome;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PoliciesTest {

  private static final Asks NOTHING = new Asks(false, null);
  private static final Duration HOUR = Duration.ofHours(1);
  private static final Identity ALICE =
      new Identity(
          new CallerId("staff", "alice"), Kind.HUMAN, null, null, null, Set.of(), Map.of());
  private static final Circumstances NOW =
      new Circumstances(Instant.parse("2026-03-02T12:00:00Z"), "192.0.2.1");

  private record Fixed(Truth truth) implements Condition {
    @Override
    public Truth holds(Facts facts) {
      return truth;
    }

    @Override
    public String text() {
      return truth.toString();
    }
  }

  private record Tickets() implements TicketPattern {
    @Override
    public boolean matches(String ticket) {
      return ticket.equals("OPS-1");
    }

    @Override
    public String pattern() {
      return "OPS-1";
    }
  }

  private static final Truth HELD = new Truth.Held();
  private static final Truth NOT_HELD = new Truth.NotHeld();

  private static Rule rule(String name, Outcome outcome, Truth... truths) {
    var conditions =
        List.of(truths).stream().map(t -> new NamedCondition("who", new Fixed(t))).toList();
    return new Rule(name, conditions, outcome, "r.yaml", 1);
  }

  private static Outcome allow(Asks asks, @Nullable Duration longest, ApprovalLine... lines) {
    return new Outcome.Allow(List.of(lines), longest, asks);
  }

  private static Policies policies(Rule... rules) {
    var role =
        new Role(
            "r",
            "A role",
            Role.Access.WRITE,
            Role.Sensitivity.LOW,
            new Target.Oidc("a", Map.of(), Target.Oidc.Signing.RS256),
            Duration.ofHours(8),
            HOUR,
            List.of(rules),
            "digest-of-r");
    return new Policies(List.of(role), "digest");
  }

  private static Decision ask(Policies policies, Wish wish) {
    return policies.explain(ALICE, "r", wish, NOW).decision();
  }

  private static Wish wish(Duration duration) {
    return new Wish(duration, "", null);
  }

  private static void denied(Decision decision, Code code, @Nullable String rule) {
    var denial = ((Denied) decision).denial();
    assertThat(denial.code()).isEqualTo(code);
    assertThat(denial.rule()).isEqualTo(rule);
    assertThat(denial.detail()).isNotBlank();
    assertThat(denial.next()).isNotBlank();
    assertThat(denial.code().code()).isEqualTo(code.name().toLowerCase(java.util.Locale.ROOT));
  }

  @Test
  void the_first_rule_whose_every_condition_holds_decides() {
    var policies =
        policies(
            rule("a", allow(NOTHING, null), HELD, NOT_HELD),
            rule("b", allow(NOTHING, HOUR), HELD, HELD),
            rule("c", new Outcome.Deny("no")));
    var explanation = policies.explain(ALICE, "r", wish(HOUR), NOW);
    var allowance = ((Granted) explanation.decision()).allowance();
    assertThat(allowance.rule().name()).isEqualTo("b");
    assertThat(allowance.identity()).isEqualTo(ALICE);
    assertThat(allowance.role().name()).isEqualTo("r");
    assertThat(allowance.duration()).isEqualTo(HOUR);
    assertThat(allowance.policyDigest()).isEqualTo("digest");
    assertThat(explanation.trace()).extracting(RuleTrace::decided).containsExactly(false, true);
    assertThat(explanation.trace().getFirst().conditions()).hasSize(2);
  }

  @Test
  void no_rule_means_no_and_an_unknown_role_says_the_same() {
    denied(
        ask(policies(rule("a", allow(NOTHING, null), NOT_HELD)), wish(HOUR)),
        Code.NO_RULE_MATCHED,
        null);
    var unknown = policies().explain(ALICE, "s", wish(HOUR), NOW);
    denied(unknown.decision(), Code.NO_RULE_MATCHED, null);
    assertThat(unknown.trace()).isEmpty();
  }

  @Test
  void a_condition_that_fails_is_not_met_and_the_rest_is_not_looked_at() {
    var policies = policies(rule("a", allow(NOTHING, null), new Truth.Failed("why"), HELD));
    var explanation = policies.explain(ALICE, "r", wish(HOUR), NOW);
    denied(explanation.decision(), Code.NO_RULE_MATCHED, null);
    assertThat(explanation.trace().getFirst().conditions())
        .singleElement()
        .satisfies(c -> assertThat(c.truth()).isEqualTo(new Truth.Failed("why")));
  }

  @Test
  void a_rule_that_denies_does_not_deny_what_it_cannot_evaluate_and_the_explanation_says_so() {
    var denies = rule("a", new Outcome.Deny("closed"), new Truth.Failed("why"));
    var explanation =
        policies(denies, rule("b", allow(NOTHING, null), HELD))
            .explain(ALICE, "r", wish(HOUR), NOW);
    assertThat(explanation.decision()).isInstanceOf(Granted.class);
    assertThat(explanation.trace().getFirst().conditions())
        .singleElement()
        .satisfies(c -> assertThat(c.truth()).isEqualTo(new Truth.Failed("why")));
  }

  @Test
  void a_rule_that_denies_says_its_message() {
    var decision = ask(policies(rule("a", new Outcome.Deny("closed"), HELD)), wish(HOUR));
    denied(decision, Code.DENIED_BY_RULE, "a");
    assertThat(((Denied) decision).denial().detail()).isEqualTo("closed");
  }

  @Test
  void b9_nothing_is_given_for_longer_than_rule_and_role_both_allow() {
    var byRule = policies(rule("a", allow(NOTHING, HOUR)));
    denied(ask(byRule, wish(HOUR.plusSeconds(1))), Code.DURATION_TOO_LONG, "a");
    var byRole = policies(rule("a", allow(NOTHING, null)));
    denied(ask(byRole, wish(Duration.ofHours(9))), Code.DURATION_TOO_LONG, "a");
    var wide = policies(rule("a", allow(NOTHING, Duration.ofHours(99))));
    denied(ask(wide, wish(Duration.ofHours(9))), Code.DURATION_TOO_LONG, "a");
  }

  @Test
  void what_the_rule_asks_for_must_be_said() {
    var reason = policies(rule("a", allow(new Asks(true, null), null)));
    denied(ask(reason, new Wish(HOUR, "  ", null)), Code.REASON_REQUIRED, "a");
    assertThat(ask(reason, new Wish(HOUR, "why", null))).isInstanceOf(Granted.class);
    var ticket = policies(rule("a", allow(new Asks(false, new Tickets()), null)));
    denied(ask(ticket, wish(HOUR)), Code.TICKET_REQUIRED, "a");
    denied(ask(ticket, new Wish(HOUR, "", "OPS-2")), Code.TICKET_MISMATCH, "a");
    assertThat(ask(ticket, new Wish(HOUR, "", "OPS-1"))).isInstanceOf(Granted.class);
  }

  @Test
  void approval_lines_are_passed_on() {
    var line = new ApprovalLine(new Fixed(HELD), 2);
    var decision = ask(policies(rule("a", allow(NOTHING, null, line))), wish(HOUR));
    assertThat(((NeedsApproval) decision).lines()).containsExactly(line);
    assertThatThrownBy(() -> new ApprovalLine(new Fixed(HELD), 0))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void roles_are_listed_by_name_and_rules_found_by_theirs() {
    var policies = policies(rule("a", new Outcome.Deny("no")));
    assertThat(policies.digest()).isEqualTo("digest");
    assertThat(policies.roles()).extracting(Role::name).containsExactly("r");
    var role = policies.role("r").orElseThrow();
    assertThat(role.rule("a")).isPresent();
    assertThat(role.rule("b")).isEmpty();
    assertThat(policies.role("R")).isEmpty();
  }

  @Test
  void a_wish_is_for_some_time() {
    assertThatThrownBy(() -> wish(Duration.ZERO)).isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @CsvSource({
    "30m, PT30M, 30m",
    "8h, PT8H, 8h",
    "1h30m, PT1H30M, 1h30m",
    "90s, PT1M30S, 1m30s",
    "2d, PT48H, 2d",
    "PT2H, PT2H, 2h",
    "1d1h1m1s, PT25H1M1S, 1d1h1m1s"
  })
  void durations_are_read_as_people_write_them(String text, Duration duration, String shown) {
    assertThat(Durations.parse(text)).contains(duration);
    assertThat(Durations.show(duration)).isEqualTo(shown);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "0m",
        "-1h",
        "1",
        "h",
        "1h 30m",
        "30m1h",
        "PT",
        "PT-1H",
        "PT1H-59M",
        "PT-1H+90M",
        "PT1.9S",
        "PT1h",
        "P1D",
        "PT0S",
        "1.5h",
        "99999h99999999m"
      })
  void what_is_no_duration_is_not_read(String text) {
    assertThat(Durations.parse(text)).isEmpty();
  }

  @Test
  void no_time_is_shown_as_such() {
    assertThat(Durations.show(Duration.ZERO)).isEqualTo("0s");
  }

  @Test
  void b7_arns_are_whole_and_compared_whole() {
    var text = "arn:aws:iam::123456789012:role/team/deploy";
    assertThat(RoleArn.parse(text).orElseThrow()).hasToString(text);
    assertThat(RoleArn.parse(text))
        .isNotEqualTo(RoleArn.parse("arn:aws:iam::123456789012:role/deploy"))
        .isNotEqualTo(RoleArn.parse("arn:aws-cn:iam::123456789012:role/team/deploy"))
        .isNotEqualTo(RoleArn.parse("arn:aws:iam::123456789013:role/team/deploy"));
    assertThat(RoleArn.parse(text + "*")).isEmpty();
  }

  @Test
  void the_console_leads_to_known_places_only() {
    assertThat(ConsoleDestination.of("cloudwatch").orElseThrow().path())
        .isEqualTo("/cloudwatch/home");
    assertThat(ConsoleDestination.of("secrets-manager")).isPresent();
    assertThat(ConsoleDestination.of("https://evil.test")).isEmpty();
    assertThat(ConsoleDestination.of("CLOUDWATCH")).isEmpty();
    assertThat(ConsoleDestination.values())
        .allSatisfy(d -> assertThat(d.path()).matches("/[a-z0-9/#:.V-]+[a-z0-9]"));
  }

  @Test
  void every_target_says_its_cloud() {
    var arn = RoleArn.parse("arn:aws:iam::123456789012:role/r").orElseThrow();
    assertThat(new Target.Aws(arn, null, List.of()).cloud()).isEqualTo("aws");
    assertThat(new Target.Google("a", "b", List.of()).cloud()).isEqualTo("gcp");
    assertThat(new Target.Azure("a", List.of("b"), "c", null).cloud()).isEqualTo("azure");
    assertThat(new Target.Oidc("a", Map.of(), Target.Oidc.Signing.RS256).cloud()).isEqualTo("oidc");
  }
}

package io.daypass.policy.yaml;

import static io.daypass.policy.yaml.Directory.personFrom;
import static io.daypass.policy.yaml.Directory.workload;
import static org.assertj.core.api.Assertions.assertThat;

import io.daypass.document.Problem;
import io.daypass.identity.CallerId;
import io.daypass.identity.Identity;
import io.daypass.identity.Kind;
import io.daypass.policy.Circumstances;
import io.daypass.policy.Condition.Truth;
import io.daypass.policy.Decision;
import io.daypass.policy.Decision.Denied;
import io.daypass.policy.Decision.Granted;
import io.daypass.policy.Decision.NeedsApproval;
import io.daypass.policy.Denial.Code;
import io.daypass.policy.Facts;
import io.daypass.policy.Wish;
import io.daypass.policy.yaml.HumanIssuers.Known;
import io.daypass.policy.yaml.HumanIssuers.Unknown;
import io.daypass.policy.yaml.PolicyDirectory.Loaded;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HumanIssuerTest {

  private static final HumanIssuers ONE = new Known(Set.of("staff"));
  private static final HumanIssuers TWO = new Known(Set.of("staff", "partners"));
  private static final String PLAIN = "- { name: x, who: '\"e\" in groups', approval: automatic }";

  @TempDir Path temporary;
  private Directory directory;

  @BeforeEach
  void open() {
    directory = new Directory(temporary);
  }

  private List<String> codes(HumanIssuers known, String rules) {
    directory.withRules(rules);
    return switch (PolicyDirectory.load(temporary, Installation.usual(known))) {
      case Loaded.Read _ -> List.of();
      case Loaded.Broken(var problems, _) -> problems.stream().map(Problem::code).toList();
    };
  }

  private Decision decision(HumanIssuers known, String rules, Identity caller) {
    directory.withRules(rules);
    var policies =
        ((Loaded.Read) PolicyDirectory.load(temporary, Installation.usual(known))).policies();
    var wish = new Wish(Duration.ofMinutes(5), "", null);
    return policies
        .explain(caller, "r", wish, new Circumstances(Directory.NOON, "192.0.2.1"))
        .decision();
  }

  private boolean granted(HumanIssuers known, String rules, Identity caller) {
    return decision(known, rules, caller) instanceof Granted;
  }

  @Test
  void a21_a_rule_means_the_people_of_the_only_issuer() {
    assertThat(granted(ONE, PLAIN, personFrom("staff", "a", "e"))).isTrue();
    assertThat(granted(ONE, PLAIN, personFrom("partners", "a", "e"))).isFalse();
    assertThat(granted(ONE, PLAIN, personFrom("staff", "a", "f"))).isFalse();
  }

  @Test
  void a21_a_machine_with_the_right_groups_is_no_person() {
    var id = new CallerId("staff", "a");
    var machine = new Identity(id, Kind.WORKLOAD, null, null, null, Set.of("e"), Map.of());
    assertThat(granted(ONE, PLAIN, machine)).isFalse();
    assertThat(granted(new Unknown(), PLAIN, machine)).isFalse();
  }

  @Test
  void a21_with_several_issuers_a_rule_says_which() {
    assertThat(codes(TWO, PLAIN)).containsExactly("issuer_not_named");
    assertThat(codes(new Known(Set.of()), PLAIN)).containsExactly("issuer_not_named");
    var named = PLAIN.replace("who", "issuer: partners, who");
    assertThat(codes(TWO, named)).isEmpty();
    assertThat(granted(TWO, named, personFrom("partners", "a", "e"))).isTrue();
    assertThat(granted(TWO, named, personFrom("staff", "a", "e"))).isFalse();
    var both = PLAIN.replace("who", "issuer: [partners, staff], who");
    assertThat(granted(TWO, both, personFrom("staff", "a", "e"))).isTrue();
    assertThat(granted(TWO, both, personFrom("other", "a", "e"))).isFalse();
    assertThat(codes(TWO, PLAIN.replace("who", "issuer: github, who")))
        .containsExactly("issuer_unknown");
  }

  @Test
  void a21_the_condition_may_choose_the_issuer_itself() {
    var chosen = "- { name: x, who: 'issuer == \"partners\"', approval: automatic }";
    assertThat(granted(TWO, chosen, personFrom("partners", "a"))).isTrue();
    assertThat(granted(TWO, chosen, personFrom("staff", "a"))).isFalse();
    // Never beyond the configured issuers of people.
    var any = "- { name: x, who: 'issuer != \"staff\"', approval: automatic }";
    assertThat(granted(TWO, any, personFrom("elsewhere", "a"))).isFalse();
    assertThat(granted(TWO, any, workload("github", "a", Map.of()))).isFalse();
  }

  @Test
  void a21_approvers_are_people_of_a_named_issuer_too() {
    var rule =
        "- { name: x, issuer: staff, who: '\"e\" in groups', approval: [{ from: '\"l\" in groups'%s }] }";
    assertThat(codes(TWO, rule.formatted(""))).containsExactly("issuer_not_named");
    assertThat(codes(TWO, rule.formatted(", issuer: nobody"))).containsExactly("issuer_unknown");
    assertThat(may(TWO, rule.formatted(", issuer: staff"), personFrom("staff", "b", "l"))).isTrue();
    assertThat(may(TWO, rule.formatted(", issuer: staff"), personFrom("partners", "b", "l")))
        .isFalse();
    assertThat(may(ONE, rule.formatted(""), personFrom("partners", "b", "l"))).isFalse();
    var id = new CallerId("staff", "b");
    var machine = new Identity(id, Kind.WORKLOAD, null, null, null, Set.of("l"), Map.of());
    assertThat(may(ONE, rule.formatted(""), machine)).isFalse();
  }

  private boolean may(HumanIssuers known, String rules, Identity approver) {
    var caller = personFrom("staff", "a", "e");
    var needs = (NeedsApproval) decision(known, rules, caller);
    var wish = new Wish(Duration.ofMinutes(5), "", null);
    var facts = new Facts(approver, "r", wish, "192.0.2.1", Directory.NOON);
    return needs.lines().getFirst().from().holds(facts) instanceof Truth.Held;
  }

  @Test
  void a_rule_that_denies_is_for_everybody_unless_it_says_whom() {
    var denies = "- { name: no, who: 'true', deny: closed }";
    for (var caller : List.of(personFrom("x", "a"), workload("github", "a", Map.of()))) {
      assertThat(((Denied) decision(TWO, denies, caller)).denial().code())
          .isEqualTo(Code.DENIED_BY_RULE);
    }
    var bare = "- { name: no, deny: closed }";
    assertThat(((Denied) decision(TWO, bare, personFrom("x", "a"))).denial().code())
        .isEqualTo(Code.DENIED_BY_RULE);
    var some = "- { name: no, issuer: partners, deny: closed }";
    assertThat(((Denied) decision(TWO, some, personFrom("partners", "a"))).denial().code())
        .isEqualTo(Code.DENIED_BY_RULE);
    assertThat(((Denied) decision(TWO, some, personFrom("staff", "a"))).denial().code())
        .isEqualTo(Code.NO_RULE_MATCHED);
  }

  @Test
  void a21_a_rule_that_denies_nobody_for_a_slip_in_the_issuer_is_refused() {
    var all = new Known(Set.of("staff", "partners"), Optional.of(Set.of("github")));
    for (var fine : List.of("partners", "github", "[staff, github]")) {
      assertThat(codes(all, "- { name: no, issuer: " + fine + ", deny: closed }")).isEmpty();
    }
    assertThat(codes(all, "- { name: no, issuer: [staff, partner], deny: closed }"))
        .containsExactly("issuer_unknown");
    assertThat(codes(TWO, "- { name: no, issuer: github, deny: closed }")).isEmpty();
  }

  @Test
  void explanations_say_whose_people_are_meant() {
    directory.withRules(PLAIN);
    var condition = directory.policies().role("r").orElseThrow().rules().getFirst().conditions();
    assertThat(condition.getFirst().condition().text()).isEqualTo("a person from staff");
    assertThat(new Issuers(null, Set.of()).text()).isEqualTo("anybody");
    assertThat(new Issuers(Kind.WORKLOAD, Set.of("b", "a")).text())
        .isEqualTo("a workload from a or b");
  }
}

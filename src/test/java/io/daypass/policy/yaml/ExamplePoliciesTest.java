package io.daypass.policy.yaml;

import static org.assertj.core.api.Assertions.assertThat;

import io.daypass.policy.Policies;
import io.daypass.policy.Role;
import io.daypass.policy.Target;
import io.daypass.policy.yaml.PolicyDirectory.Loaded;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ExamplePoliciesTest {

  private static final Path EXAMPLES = Path.of("policies");

  private static Policies examples(HumanIssuers known) {
    var loaded = PolicyDirectory.load(EXAMPLES, Installation.usual(known));
    assertThat(loaded).isInstanceOf(Loaded.Read.class);
    var read = (Loaded.Read) loaded;
    assertThat(read.warnings()).isEmpty();
    return read.policies();
  }

  @Test
  void the_examples_are_good_with_and_without_settings() {
    assertThat(examples(new HumanIssuers.Known(Set.of("staff"))).roles())
        .extracting(Role::name)
        .contains(
            "ci-deploy",
            "ci-release",
            "cluster-view",
            "gcp-logs",
            "prod-admin",
            "prod-readonly",
            "staging-admin");
    assertThat(examples(new HumanIssuers.Unknown()).roles()).hasSizeGreaterThan(5);
  }

  @Test
  void the_examples_do_what_their_tests_say() {
    var outcome = PolicyTests.run(EXAMPLES, examples(new HumanIssuers.Known(Set.of("staff"))));
    assertThat(outcome.problems()).isEmpty();
    assertThat(outcome.results()).hasSizeGreaterThan(20);
    assertThat(outcome.results()).allSatisfy(r -> assertThat(r.complaints()).isEmpty());
    assertThat(outcome.passed()).isTrue();
  }

  @Test
  void the_read_only_role_is_narrowed_within_what_aws_takes() {
    var role = examples(new HumanIssuers.Unknown()).role("prod-readonly").orElseThrow();
    var policy = Objects.requireNonNull(((Target.Aws) role.target()).sessionPolicy());
    assertThat(policy.statements()).startsWith("{\"Sid\":\"ReadWhatRuns\",\"Effect\":\"Allow\"");
    assertThat(policy.composedLength()).isLessThan(2048);
  }
}

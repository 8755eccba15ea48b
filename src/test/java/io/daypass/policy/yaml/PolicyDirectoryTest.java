package io.daypass.policy.yaml;

import static io.daypass.policy.yaml.Directory.ANYBODY;
import static org.assertj.core.api.Assertions.assertThat;

import io.daypass.document.Problem;
import io.daypass.policy.Rule.Outcome;
import io.daypass.policy.yaml.PolicyDirectory.Loaded;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a directory of policies comes to as a whole, and which of its files are read. */
class PolicyDirectoryTest {

  @TempDir Path temporary;
  private Directory directory;

  @BeforeEach
  void open() throws IOException {
    directory = new Directory(Files.createDirectory(temporary.resolve("policies")));
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
  void f42_one_bad_file_refuses_the_whole_set() {
    directory.withRules(ANYBODY).with("z.yaml", "role: z\n");
    assertThat(directory.load()).isInstanceOf(Loaded.Broken.class);
    assertThat(directory.codes()).isNotEmpty().containsOnly("missing_key");
    assertThat(directory.problems())
        .allSatisfy(p -> assertThat(p.place().file()).isEqualTo("z.yaml"));
  }

  @Test
  void f42_blank_fields_are_problems_and_never_a_crash() {
    directory.with(
        "r.yaml", "role:\ndescription:\naccess:\nsensitivity:\ntarget:\nmax-duration:\nrules:\n");
    assertThat(directory.codes()).contains("empty_value");
    directory.with("r.yaml", Directory.role("- { name:, who:, workload:, approval: }"));
    assertThat(directory.codes()).contains("empty_value");
    directory.with("r.yaml", "[]");
    assertThat(directory.codes()).containsExactly("wrong_type");
    directory.with("r.yaml", "rules: {");
    assertThat(directory.codes()).containsExactly("syntax");
  }

  @Test
  void an_empty_directory_is_no_policy() throws IOException {
    assertThat(directory.codes()).containsExactly("no_policies");
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
    assertThat(directory.role().maxDuration()).isEqualTo(Duration.ofHours(8));
    assertThat(directory.role().credentialLifetime()).isEqualTo(Duration.ofHours(1));
    var rule = directory.role().rule("x").orElseThrow();
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

  @Test
  void b1_role_names_are_unique_whatever_their_case() {
    directory
        .withRules(ANYBODY)
        .with("s.yaml", Directory.role(ANYBODY).replace("role: r", "role: R"));
    assertThat(directory.codes()).containsExactly("role_name_taken");
    directory.withLine("role", "role: 'r\u00e9'");
    assertThat(directory.codes()).contains("bad_value");
    directory.withRules(
        ANYBODY + "\n" + ANYBODY.replace("name: x", "name: X").replace("e\\\"", "f\\\""));
    assertThat(directory.codes()).contains("rule_name_taken");
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
    directory.withTarget(
        "aws: { role-arn: 'arn:aws:iam::123456789012:role/r', session-policy: \"" + name + "\" }");
    assertThat(directory.codes()).containsExactly("file_refused");
  }

  @Test
  void a_role_file_that_is_a_link_out_is_refused_and_one_within_is_read() throws IOException {
    var outside = Files.writeString(temporary.resolve("out.yaml"), Directory.role(ANYBODY));
    var link = Files.createSymbolicLink(directory.path().resolve("r.yaml"), outside);
    assertThat(directory.codes()).containsExactly("file_refused");
    Files.delete(link);
    directory.with("..data/r.yaml", Directory.role(ANYBODY));
    Files.createSymbolicLink(link, Path.of("..data/r.yaml"));
    assertThat(directory.role().name()).isEqualTo("r");
  }

  @Test
  void a_file_that_is_too_large_is_refused() {
    directory.with("r.yaml", "#".repeat((1 << 20) + 1));
    assertThat(directory.codes()).containsExactly("file_refused");
  }
}

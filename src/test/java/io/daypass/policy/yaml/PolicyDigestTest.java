package io.daypass.policy.yaml;

import static io.daypass.policy.yaml.Directory.ANYBODY;
import static io.daypass.policy.yaml.Directory.statement;
import static org.assertj.core.api.Assertions.assertThat;

import io.daypass.policy.Policies;
import io.daypass.policy.Role;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the digests of policies and of roles are of. */
class PolicyDigestTest {

  private Directory directory;

  @BeforeEach
  void open(@TempDir Path temporary) {
    directory = new Directory(temporary);
  }

  @Test
  void the_digests_change_with_every_byte_that_is_used() {
    directory.withSessionPolicy(
        statement("\"Effect\":\"Allow\",\"Action\":\"*\",\"Resource\":\"*\""));
    directory.with("s.yaml", Directory.role(ANYBODY).replace("role: r", "role: s"));
    directory.with("tests/t.yaml", "x").with("README.md", "x").with(".hidden.yaml", "x");
    var before = directory.policies();
    directory.with("tests/t.yaml", "y").with("README.md", "y").with(".hidden.yaml", "y");
    assertThat(directory.policies().digest()).isEqualTo(before.digest()).matches("[0-9a-f]{64}");
    directory.withSessionPolicy(
        statement("\"Effect\":\"Allow\",\"Action\":\"s3:*\",\"Resource\":\"*\""));
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

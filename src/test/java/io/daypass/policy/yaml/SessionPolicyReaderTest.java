package io.daypass.policy.yaml;

import static io.daypass.policy.yaml.Directory.statement;
import static org.assertj.core.api.Assertions.assertThat;

import io.daypass.policy.Target;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Session policies that narrow a role of AWS. */
class SessionPolicyReaderTest {

  private Directory directory;

  @BeforeEach
  void open(@TempDir Path temporary) {
    directory = new Directory(temporary);
  }

  @Test
  void b9_a_session_policy_narrows_and_is_minified() {
    directory.withSessionPolicy(
        statement("\"Effect\": \"Allow\", \"Action\": \"s3:Get*\",\n\t\"Resource\": [ \"*\" ]"));
    var policy =
        java.util.Objects.requireNonNull(((Target.Aws) directory.role().target()).sessionPolicy());
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
    directory.withSessionPolicy(json);
    assertThat(directory.codes()).contains(code);
  }

  @Test
  void a_session_policy_that_is_too_long_with_the_end_in_it_is_refused() {
    var frame = statement("\"Effect\": \"Allow\", \"Action\": \"s3:%s\", \"Resource\": \"*\"");
    directory.withSessionPolicy(frame.formatted("x".repeat(1800)));
    assertThat(directory.codes()).isEmpty();
    directory.withSessionPolicy(frame.formatted("x".repeat(1900)));
    assertThat(directory.codes()).containsExactly("session_policy_too_long");
  }
}

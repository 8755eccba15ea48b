package io.daypass.policy.yaml;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion.VersionFlag;
import com.networknt.schema.ValidationMessage;
import io.daypass.policy.ConsoleDestination;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SchemaTest {

  private static final Path EXAMPLES = Path.of("policies");
  private static final String GOOD = "{ name: x, who: 'true', approval: automatic }";

  private static JsonSchema schema() throws IOException {
    return JsonSchemaFactory.getInstance(VersionFlag.V202012)
        .getSchema(Files.readString(EXAMPLES.resolve("schema.json")));
  }

  private static Set<ValidationMessage> problems(String yaml) throws IOException {
    return schema().validate(yaml, InputFormat.YAML);
  }

  @Test
  void every_example_is_as_the_schema_says() throws IOException {
    try (var files = Files.list(EXAMPLES)) {
      var examples = files.filter(f -> f.toString().endsWith(".yaml")).toList();
      assertThat(examples).hasSizeGreaterThan(5);
      for (var example : examples) {
        assertThat(problems(Files.readString(example))).as(example.toString()).isEmpty();
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        GOOD,
        "{ name: x, issuer: [a, b], who: 'true', between: Mon 08:00-09:00, approval: [{ from: 'true' }] }",
        "{ name: x, deny: not now }",
        "{ name: x, workload: { kubernetes: { namespace: a, serviceaccount: b } }, approval: automatic }",
        "{ name: x, workload: { generic: { issuer: a, claims: { n: 7, t: [x, y] } } }, approval: automatic }",
        "{ name: x, workload: { gitlab: { project-id: 7, ref: main, ref-protected: true } }, approval: automatic }"
      })
  void a_good_rule_passes(String rule) throws IOException {
    assertThat(problems(Directory.role("- " + rule))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{ name: x, who: 'true' }",
        "{ name: x, approval: automatic }",
        "{ who: 'true', approval: automatic }",
        "{ name: x, who: 'true', approval: auto }",
        "{ name: x, who: 'true', approval: [] }",
        "{ name: x, who: 'true', aproval: automatic }",
        "{ name: x, who: 'true', deny: not now, approval: automatic }",
        "{ name: x, workload: { github: { repository-id: 7 } }, approval: automatic }",
        "{ name: x, workload: { github: { repository-id: 7, ref: '*' } }, approval: automatic }",
        "{ name: x, workload: { jenkins: { a: b } }, approval: automatic }"
      })
  void a_broken_rule_does_not(String rule) throws IOException {
    assertThat(problems(Directory.role("- " + rule))).isNotEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"access: root", "max-duration: 8 hours", "role: a b", "colour: red"})
  void a_broken_role_does_not(String line) throws IOException {
    var key = line.substring(0, line.indexOf(':'));
    var role = Directory.role("- " + GOOD).replaceAll("(?m)^" + key + ":.*\n", "") + line + "\n";
    assertThat(problems(role)).isNotEmpty();
  }

  @Test
  void the_schema_knows_every_place_of_the_console() throws IOException {
    var schema = Files.readString(EXAMPLES.resolve("schema.json"));
    assertThat(Stream.of(ConsoleDestination.values()).map(d -> "\"" + d.key() + "\""))
        .allSatisfy(key -> assertThat(schema).contains(key));
  }
}

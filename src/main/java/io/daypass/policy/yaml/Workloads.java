package io.daypass.policy.yaml;

import io.daypass.document.MappingReader;
import io.daypass.identity.Kind;
import io.daypass.policy.Condition;
import io.daypass.policy.Rule.NamedCondition;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Reads {@code workload}: one preset, which knows the claims of a provider and which of them cannot
 * be taken over by somebody else. Values are exact; every claim becomes a condition of its own.
 */
record Workloads(Findings findings) {

  private static final String KNOWN = "github, gitlab, kubernetes, buildkite or generic";

  /** The conditions; none, with the problems noted, if it is not right. */
  List<NamedCondition> read(MappingReader workload) {
    var conditions = new ArrayList<NamedCondition>();
    var presets = List.copyOf(workload.keys());
    if (presets.size() != 1) {
      workload.problem("bad_value", "\"workload\" is one of " + KNOWN);
      return conditions;
    }
    var preset = presets.getFirst();
    workload.mapping(preset).ifPresent(reader -> read(preset, reader, workload, conditions));
    workload.finish();
    return conditions;
  }

  private void read(
      String preset, MappingReader reader, MappingReader workload, List<NamedCondition> into) {
    var claims = new PresetReader(preset, reader, findings);
    List<Condition> conditions =
        switch (preset) {
          case "github" -> new GitHubPreset(claims).read();
          case "gitlab" -> new GitLabPreset(claims).read();
          case "kubernetes" -> new KubernetesPreset(claims).read();
          case "buildkite" -> new BuildkitePreset(claims).read();
          case "generic" -> new GenericPreset(claims).read();
          default -> {
            workload.problem(preset, "bad_value", "\"workload\" is one of " + KNOWN);
            yield List.of();
          }
        };
    if (conditions.isEmpty()) {
      return;
    }
    var issuer = issuer(preset, reader);
    reader.finish();
    into.add(new NamedCondition("issuer", new Issuers(Kind.WORKLOAD, Set.of(issuer))));
    conditions.forEach(condition -> into.add(new NamedCondition("workload", condition)));
  }

  private static String issuer(String preset, MappingReader reader) {
    return preset.equals("generic")
        ? reader.requiredText("issuer").orElse("")
        : reader.text("issuer").orElse(preset);
  }
}

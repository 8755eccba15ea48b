package io.daypass.cli;

import io.daypass.cli.client.Local;
import io.daypass.cli.screen.Plain;
import io.daypass.web.api.Wire;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code daypass explain}. */
@Command(
    name = "explain",
    description = "Say whether you could have a role, by which rule, and why not by the others.")
final class ExplainCommand extends PeopleCommand {

  @Parameters(paramLabel = "ROLE", description = "The role's name.")
  private String role;

  @Option(
      names = "--for",
      paramLabel = "DURATION",
      description = "For how long, such as 2h; 1h, or what the rule gives, if left out.")
  private @Nullable String duration;

  @Option(
      names = "--as",
      paramLabel = "'ISSUER SUBJECT'",
      description = "For somebody else; auditors only.")
  private @Nullable String as;

  // picocli fills the annotated fields before the command is called.
  @SuppressWarnings("NullAway.Init")
  ExplainCommand(Local local, Tools tools) {
    super(local, tools);
  }

  @Override
  int run() {
    var parameters = new HashMap<String, @Nullable String>();
    parameters.put("duration", duration == null ? null : Inputs.duration(duration));
    parameters.put("as", as);
    var path = Api.path("/v1/roles/" + Inputs.role(role) + "/explain", parameters);
    var given = api().get(path, Wire.Explanation.class).orFail(role);
    if (wantsJson()) {
      json(given);
    } else {
      print(lines(given.value()));
    }
    return DONE;
  }

  private static List<String> lines(Wire.Explanation explanation) {
    var lines = new ArrayList<String>();
    lines.add(decision(explanation));
    for (var rule : explanation.trace()) {
      lines.add("  " + (rule.decided() ? "decides  " : "not met  ") + Plain.line(rule.rule()));
      for (var condition : rule.conditions()) {
        lines.add(
            "    "
                + truth(condition)
                + "  "
                + Plain.line(condition.key() + ": " + condition.text()));
        if (condition.why() != null) {
          lines.add("         " + Plain.line(condition.why()));
        }
      }
    }
    lines.addAll(Sentences.outlives(explanation.afterEnd()));
    if (explanation.decision().equals("denied")) {
      lines.add("what you may have: daypass roles");
    }
    return lines;
  }

  private static String decision(Wire.Explanation explanation) {
    var role = Plain.line(explanation.role());
    var span =
        explanation.duration() == null ? "" : " for " + Sentences.span(explanation.duration());
    var with =
        Sentences.with(Boolean.TRUE.equals(explanation.reasonRequired()), explanation.ticket());
    return switch (explanation.decision()) {
      case "granted" -> role + span + ": yes, at once" + with;
      case "needs_approval" ->
          role
              + span
              + ": yes, once approved by "
              + Sentences.approval(explanation.approval())
              + with;
      case String _ -> {
        var detail = explanation.detail();
        yield role + ": no" + (detail == null ? "" : ", " + Plain.line(detail));
      }
    };
  }

  private static String truth(Wire.ConditionTrace condition) {
    return switch (condition.truth()) {
      case "held" -> "yes";
      case "not_held" -> "no ";
      case String _ -> "?  ";
    };
  }
}

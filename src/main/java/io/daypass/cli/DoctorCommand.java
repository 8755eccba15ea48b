package io.daypass.cli;

import io.daypass.cli.Operator.Outcome;
import io.daypass.cli.Operator.Patient;
import io.daypass.cli.client.Texts;
import io.daypass.cloud.Finding;
import io.daypass.cloud.Finding.Weight;
import io.daypass.web.api.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code daypass doctor [ROLE]}: what is to be mended in the clouds. */
@Command(
    name = "doctor",
    mixinStandardHelpOptions = true,
    description = {
      "Tries each role's whole way to a credential and hands nothing out.",
      "Every try stands in the ledger; what is minted is dropped at once."
    })
final class DoctorCommand implements Callable<Integer> {

  private final Operator operator;

  @Spec private CommandSpec spec;

  @Parameters(arity = "0..1", paramLabel = "ROLE", description = "the role; all if left out")
  private @Nullable String role;

  @Mixin private ConfigOption config;

  @Option(names = "--json", description = "Print JSON for programs.")
  private boolean json;

  @SuppressWarnings("NullAway.Init")
  DoctorCommand(Operator operator) {
    this.operator = operator;
  }

  @Override
  public Integer call() {
    var terminal = spec.commandLine();
    return switch (operator.doctor(config.file(), role)) {
      case Outcome.Examined(var patients) -> {
        (json
                ? List.of(
                    Json.write(
                        Map.of("checked", patients.stream().map(DoctorCommand::json).toList())))
                : patients.stream().flatMap(patient -> lines(patient).stream()).toList())
            .forEach(terminal.getOut()::println);
        yield report(patients);
      }
      case Outcome.Failed(var errors, var hint) -> {
        errors.forEach(error -> terminal.getErr().println("daypass: error: " + error));
        terminal.getErr().println("daypass: hint: " + hint);
        yield 1;
      }
      case Outcome.Done(var lines) -> {
        lines.forEach(terminal.getOut()::println);
        yield 0;
      }
    };
  }

  private int report(List<Patient> patients) {
    long wrong =
        patients.stream()
            .flatMap(patient -> patient.findings().stream())
            .filter(finding -> finding.weight() == Weight.WRONG)
            .count();
    if (wrong == 0) {
      return 0;
    }
    var err = spec.commandLine().getErr();
    err.println("daypass: error: " + wrong + (wrong == 1 ? " thing is" : " things are") + " wrong");
    err.println("daypass: hint: mend what is named, then run this again; clouds take a minute");
    return 1;
  }

  private static List<String> lines(Patient patient) {
    var lines = new ArrayList<String>();
    lines.add(patient.name() + " (" + patient.cloud() + ")");
    for (var finding : patient.findings()) {
      lines.add("  " + word(finding) + "  " + Texts.plain(finding.what()) + code(finding));
      var said = finding.said();
      if (said != null) {
        lines.add("         it says: " + Texts.plain(said));
      }
      var mend = finding.mend();
      if (mend != null && !mend.isEmpty()) {
        lines.add("         mend: " + Texts.plain(mend));
      }
    }
    return lines;
  }

  private static String word(Finding finding) {
    return switch (finding.weight()) {
      case GOOD -> "good ";
      case WARNING -> "look ";
      case WRONG -> "WRONG";
    };
  }

  private static String code(Finding finding) {
    return finding.weight() == Weight.GOOD ? "" : " (" + finding.code() + ")";
  }

  private static Map<String, Object> json(Patient patient) {
    var json = new LinkedHashMap<String, Object>();
    json.put("name", patient.name());
    json.put("cloud", patient.cloud());
    json.put("findings", patient.findings().stream().map(DoctorCommand::json).toList());
    return json;
  }

  private static Map<String, Object> json(Finding finding) {
    var json = new LinkedHashMap<String, Object>();
    json.put("weight", finding.weight().name().toLowerCase(Locale.ROOT));
    json.put("code", finding.code());
    json.put("what", finding.what());
    if (finding.said() != null) {
      json.put("said", finding.said());
    }
    if (finding.mend() != null) {
      json.put("mend", finding.mend());
    }
    return json;
  }
}

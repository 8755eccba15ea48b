package io.daypass.cli.manual;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** The page of one command, in the language of man(7). */
final class ManPage {

  private final CommandSpec command;
  private final String version;
  private final StringBuilder page = new StringBuilder();

  ManPage(CommandLine command, String version) {
    this.command = command.getCommandSpec();
    this.version = version;
  }

  /** As in {@code daypass-audit-export}. */
  static String name(CommandSpec command) {
    return command.qualifiedName("-");
  }

  String text() {
    var name = name(command);
    // No date: the same sources make the same page.
    line(
        ".TH "
            + name.toUpperCase(Locale.ROOT).replace("-", "\\-")
            + " 1 \"\" \""
            + version
            + "\" Daypass");
    section("NAME");
    line(roff(name) + " \\- " + roff(uncapitalised(description(command))));
    synopsis();
    section("DESCRIPTION");
    line(roff(description(command)));
    Arrays.stream(command.usageMessage().footer())
        .filter(l -> !l.isBlank())
        .forEach(footer -> {
          line(".PP");
          line(roff(footer));
        });
    arguments();
    commands();
    exitCodes();
    variables();
    seeAlso();
    return page.toString();
  }

  private void synopsis() {
    section("SYNOPSIS");
    var written = command.usageMessage().customSynopsis();
    if (written.length > 0) {
      line("\\fB" + roff(String.join(" ", written)) + "\\fR");
      return;
    }
    var words = new StringBuilder("\\fB" + roff(command.qualifiedName()) + "\\fR");
    for (var option : shown(command)) {
      var shown = "\\fB" + roff(option.longestName()) + "\\fR" + value(option);
      words.append(option.required() ? " " + shown : " [" + shown + "]");
    }
    for (var parameter : command.positionalParameters()) {
      var label = "\\fI" + roff(parameter.paramLabel()) + "\\fR";
      var more = parameter.arity().max() > 1 || parameter.index().isVariable() ? " .\\|.\\|." : "";
      words.append(parameter.arity().min() == 0 ? " [" + label + "]" : " " + label).append(more);
    }
    if (!command.subcommands().isEmpty()) {
      words.append(" \\fICOMMAND\\fR");
    }
    line(words.toString());
  }

  private void arguments() {
    if (!command.positionalParameters().isEmpty()) {
      section("ARGUMENTS");
      command.positionalParameters().forEach(this::parameter);
    }
    section("OPTIONS");
    for (var option : shown(command)) {
      line(".TP");
      var names = Arrays.stream(option.names()).map(name -> "\\fB" + roff(name) + "\\fR").toList();
      var no =
          option.negatable()
              ? ", \\fB" + roff("--no-" + option.longestName().substring(2)) + "\\fR"
              : "";
      line(String.join(", ", names) + no + value(option));
      line(roff(description(option)));
    }
  }

  private void parameter(PositionalParamSpec parameter) {
    line(".TP");
    line("\\fI" + roff(parameter.paramLabel()) + "\\fR");
    line(roff(description(parameter)));
  }

  private void commands() {
    if (command.subcommands().isEmpty()) {
      return;
    }
    section("COMMANDS");
    command
        .subcommands()
        .forEach((name, line) -> {
          line(".TP");
          line("\\fB" + roff(name) + "\\fR");
          line(roff(description(line.getCommandSpec())));
        });
  }

  private void exitCodes() {
    section("EXIT STATUS");
    for (var code :
        List.of(
            "0: done",
            "1: refused, or it did not work",
            "2: what was typed cannot be meant",
            "3: somebody must approve it first")) {
      line(".TP");
      line("\\fB" + code.charAt(0) + "\\fR");
      line(code.substring(3));
    }
  }

  private void variables() {
    section("ENVIRONMENT");
    for (var variable :
        List.of(
            "DAYPASS_URL=the broker's address",
            "DAYPASS_TOKEN=a token to come with, instead of a sign-in",
            "DAYPASS_TOKEN_FILE=a file with such a token")) {
      var parts = variable.split("=", 2);
      line(".TP");
      line("\\fB" + parts[0] + "\\fR");
      line(roff(parts[1]));
    }
  }

  private void seeAlso() {
    var parent = command.parent();
    if (parent != null) {
      section("SEE ALSO");
      line(".BR " + roff(name(parent)) + " (1)");
    }
  }

  private static List<OptionSpec> shown(CommandSpec command) {
    return command.options().stream().filter(option -> !option.hidden()).toList();
  }

  private static String value(OptionSpec option) {
    return option.arity().max() == 0 ? "" : " \\fI" + roff(option.paramLabel()) + "\\fR";
  }

  static String description(CommandSpec command) {
    return String.join(" ", command.usageMessage().description());
  }

  static String description(ArgSpec argument) {
    return String.join(" ", argument.description());
  }

  private static String uncapitalised(String sentence) {
    var bare = sentence.endsWith(".") ? sentence.substring(0, sentence.length() - 1) : sentence;
    return bare.isEmpty()
        ? bare
        : bare.substring(0, 1).toLowerCase(Locale.ROOT) + bare.substring(1);
  }

  private void section(String title) {
    line(".SH " + title);
  }

  private void line(String text) {
    page.append(text).append('\n');
  }

  /** Text that groff(7) prints as it is: hyphens can be copied, and no line is a request. */
  static String roff(String text) {
    var escaped = new StringBuilder();
    text.codePoints()
        .forEach(point -> {
          switch (point) {
            case '\\' -> escaped.append("\\e");
            case '-' -> escaped.append("\\-");
            case '\n' -> escaped.append(' ');
            default -> {
              if (point < 0x7f) {
                escaped.appendCodePoint(point);
              } else {
                escaped.append(String.format(Locale.ROOT, "\\[u%04X]", point));
              }
            }
          }
        });
    return escaped.toString().startsWith(".") || escaped.toString().startsWith("'")
        ? "\\&" + escaped
        : escaped.toString();
  }
}

package io.daypass.cli.manual;

import io.daypass.cli.child.Shell;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** Completion for fish; picocli makes it for bash and zsh only. */
final class Fish {

  private static final String HEAD =
      """
      # Made by the build of Daypass from its commands.

      # Whether the words so far, without options, begin with these subcommands.
      function __daypass_at
          set -l words (commandline -opc | string match -v -- '-*')
          set -e words[1]
          test (count $words) -ge (count $argv); or return 1
          for i in (seq (count $argv))
              test "$words[$i]" = "$argv[$i]"; or return 1
          end
      end

      # Whether they are these and nothing more.
      function __daypass_at_end
          set -l words (commandline -opc | string match -v -- '-*')
          set -e words[1]
          test (count $words) -eq (count $argv); and __daypass_at $argv
      end

      complete -c daypass -f
      """;

  private final StringBuilder script = new StringBuilder(HEAD);

  static String script(CommandLine root) {
    var fish = new Fish();
    fish.command(root.getCommandSpec(), List.of());
    return fish.script.toString();
  }

  private void command(CommandSpec command, List<String> path) {
    for (var option : command.options()) {
      if (!option.hidden()) {
        option(option, path);
      }
    }
    command
        .subcommands()
        .forEach((name, line) -> {
          var sub = line.getCommandSpec();
          line(condition("__daypass_at_end", path) + " -a " + name, ManPage.description(sub));
          command(sub, Stream.concat(path.stream(), Stream.of(name)).toList());
        });
  }

  private void option(OptionSpec option, List<String> path) {
    var names = new StringBuilder();
    for (var name : option.names()) {
      names.append(name.startsWith("--") ? " -l " + name.substring(2) : " -s " + name.substring(1));
    }
    var takes = option.arity().max() > 0;
    var file = takes && option.paramLabel().toUpperCase(Locale.ROOT).equals("FILE");
    var value = file ? " -r -F" : takes ? " -x" : "";
    var condition = condition("__daypass_at", path);
    line(condition + names + value, ManPage.description(option));
    if (option.negatable()) {
      var no = " -l no-" + option.longestName().substring(2);
      line(condition + no, "Not: " + ManPage.description(option));
    }
  }

  private static String condition(String function, List<String> path) {
    return " -n '"
        + String.join(" ", Stream.concat(Stream.of(function), path.stream()).toList())
        + "'";
  }

  private void line(String words, String description) {
    // set -gx x 'text' quotes as everything in fish does; only the quoted part is wanted.
    var quoted = Shell.FISH.set("x", description).substring("set -gx x ".length());
    script.append("complete -c daypass").append(words).append(" -d ").append(quoted).append('\n');
  }
}

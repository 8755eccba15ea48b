package io.daypass.cli.manual;

import io.daypass.cli.Operator;
import io.daypass.cli.Terminal;
import io.daypass.cli.Tools;
import io.daypass.cli.client.Local;
import io.daypass.cli.screen.Screen;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.Map;
import picocli.AutoComplete;
import picocli.CommandLine;

/** Run by the build: writes what stands beside the launcher, as a system's folders want it. */
public final class Manual {

  // zsh loads this for the first completion and runs it; the script below it is bash's.
  private static final String ZSH =
      """
      #compdef daypass
      autoload -U +X bashcompinit && bashcompinit
      source "${${(%):-%x}:A:h}/../../bash-completion/completions/daypass"
      _bash_complete -o default -F _complete_daypass
      """;

  private Manual() {}

  /** Two words: the folder to write into, and the version. */
  public static void main(String[] words) throws IOException {
    write(Path.of(words[0]), "daypass " + words[1]);
  }

  static void write(Path share, String version) throws IOException {
    var root = root();
    text(share.resolve("bash-completion/completions/daypass"), AutoComplete.bash("daypass", root));
    text(share.resolve("zsh/site-functions/_daypass"), ZSH);
    text(share.resolve("fish/vendor_completions.d/daypass.fish"), Fish.script(root));
    pages(share.resolve("man/man1"), root, version);
  }

  static CommandLine root() {
    var here = new Local(Map.of(), Path.of("/"), InstantSource.fixed(Instant.EPOCH));
    return new Terminal(Operator.nobody(), here, Tools.of(Screen.none(), ZoneOffset.UTC))
        .commands();
  }

  private static void pages(Path folder, CommandLine command, String version) throws IOException {
    var page = new ManPage(command, version).text();
    text(folder.resolve(ManPage.name(command.getCommandSpec()) + ".1"), page);
    for (var sub : command.getSubcommands().values()) {
      pages(folder, sub, version);
    }
  }

  private static void text(Path file, String text) throws IOException {
    Files.createDirectories(file.getParent());
    Files.writeString(file, text, StandardCharsets.UTF_8);
  }
}

package io.daypass.cli;

import io.daypass.cli.child.AwsOutfit;
import io.daypass.cli.child.AzureOutfit;
import io.daypass.cli.child.GoogleOutfit;
import io.daypass.cli.child.OidcOutfit;
import io.daypass.cli.child.Outfit;
import io.daypass.cli.child.Shell;
import io.daypass.cli.client.Failure;
import io.daypass.cli.client.Local;
import io.daypass.cli.credential.Keys;
import io.daypass.cli.screen.Plain;
import io.daypass.web.api.Json;
import java.time.Instant;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code daypass env}. */
@Command(
    name = "env",
    description = "Print lines that give a shell a role's credentials.",
    footer = {
      "",
      "For bash and zsh: eval \"$(daypass env ROLE)\"; for fish: daypass env ROLE | source; for"
          + " PowerShell: daypass env ROLE | Out-String | Invoke-Expression.",
      "The keys are not renewed there; daypass exec does that.",
    })
final class EnvCommand extends PeopleCommand {

  @Parameters(paramLabel = "ROLE", description = "The role's name.")
  private String role;

  @Option(
      names = "--shell",
      paramLabel = "bash|zsh|fish|powershell",
      description = "For which shell; found out if left out.")
  private @Nullable String shell;

  @Option(
      names = "--print",
      description = "Print them on the screen too, where others may read them.")
  private boolean print;

  // picocli fills the annotated fields before the command is called.
  @SuppressWarnings("NullAway.Init")
  EnvCommand(Local local, Tools tools) {
    super(local, tools);
  }

  @Override
  int run() {
    var form = shell();
    Inputs.role(role);
    if (screen().out() && !print) {
      throw Failure.usage("keys do not belong on a screen", eval(form));
    }
    var lease = new RoleKeys(local(), api(), role, this::note).lease();
    var outfit = outfit(lease.keys());
    if (wantsJson()) {
      var variables = new TreeMap<String, Object>(outfit.set());
      print(Json.write(new Variables(variables, lease.expires().toString())));
    } else {
      lines(form, outfit, lease.expires());
    }
    return DONE;
  }

  /** The variables that hold keys themselves. */
  static Outfit outfit(Keys keys) {
    return switch (keys) {
      case Keys.Aws aws -> AwsOutfit.keys(aws);
      case Keys.Google google -> GoogleOutfit.keys(google);
      case Keys.Azure azure -> AzureOutfit.keys(azure);
      case Keys.Oidc oidc -> OidcOutfit.keys(oidc);
    };
  }

  /** What {@code --json} prints. */
  private record Variables(TreeMap<String, Object> variables, String expiresAt) {
    @Override
    public String toString() {
      return "Variables[secret]";
    }
  }

  private void lines(Shell form, Outfit outfit, Instant expires) {
    print(form.comment("keys of " + role + ", until " + times().until(expires) + "; not renewed"));
    outfit.notes().forEach(note -> print(form.comment(note)));
    for (var one : new TreeMap<>(outfit.set()).entrySet()) {
      print(form.set(one.getKey(), one.getValue()));
    }
    for (var name : new TreeSet<>(outfit.removed())) {
      if (local().environment().containsKey(name)) {
        print(form.unset(name));
      }
    }
  }

  private Shell shell() {
    var named = shell;
    if (named != null) {
      return Shell.named(named)
          .orElseThrow(() ->
              Failure.usage(
                  "\"" + Plain.line(named) + "\" is no shell known here",
                  "--shell bash, zsh, fish or powershell"));
    }
    var parent = ProcessHandle.current().parent().flatMap(p -> p.info().command());
    return parent
        .flatMap(Shell::ofProgram)
        .or(() -> Optional.ofNullable(local().environment().get("SHELL")).flatMap(Shell::ofProgram))
        .orElse(Shell.POSIX);
  }

  private String eval(Shell form) {
    return switch (form) {
      case POSIX -> "eval \"$(daypass env " + role + ")\"";
      case FISH -> "daypass env " + role + " | source";
      case POWERSHELL -> "daypass env " + role + " | Out-String | Invoke-Expression";
    };
  }
}

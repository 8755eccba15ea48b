package io.daypass.cli;

import io.daypass.cli.child.Child;
import io.daypass.cli.child.Outfit;
import io.daypass.cli.client.Failure;
import io.daypass.cli.client.Local;
import io.daypass.cli.screen.Plain;
import io.daypass.cloud.Secret;
import io.daypass.web.api.Wire;
import java.io.IOException;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * {@code daypass exec}. The command asks us for its keys, on this machine, as it would ask its
 * cloud there; so they are renewed as long as it runs, and stand in no environment.
 */
@Command(
    name = "exec",
    customSynopsis = "daypass exec [--env] ROLE -- COMMAND...",
    description = "Run a command with a role's credentials, renewed as long as it runs.",
    footer = {
      "",
      "Its exit code becomes ours, and signals that we get are passed on to it. 126 and 127 say"
          + " that there was nothing to run.",
      "",
      "AWS, Google Cloud and Azure have each a way of their own in which tools find a role and renew"
          + " its keys; for an OIDC audience, DAYPASS_ROLE_TOKEN_FILE names a file with a token.",
    })
final class ExecCommand extends PeopleCommand {

  @Parameters(index = "0", paramLabel = "ROLE", description = "The role's name.")
  private String role;

  @Parameters(
      index = "1..*",
      arity = "1..*",
      paramLabel = "COMMAND",
      description = "What to run, with its own words, after a -- of its own.")
  private List<String> command;

  @Option(
      names = "--env",
      description =
          "Put the keys themselves into its environment, for tools that know no other way; they"
              + " are not renewed there.")
  private boolean inEnvironment;

  // picocli fills the annotated fields before the command is called.
  @SuppressWarnings("NullAway.Init")
  ExecCommand(Local local, Tools tools) {
    super(local, tools);
  }

  @Override
  int run() {
    if (wantsJson()) {
      throw Failure.usage(
          "what is printed is the command's alone",
          "daypass credentials as JSON: daypass env --json");
    }
    var api = api();
    var keys = new RoleKeys(local(), api, Inputs.role(role), this::note);
    var first = keys.lease();
    return inEnvironment
        ? ran(api, first, first.expires(), EnvCommand.outfit(first.keys()), first::outlivesUntil)
        : served(api, first, keys);
  }

  private int served(Api api, Lease first, RoleKeys keys) {
    var door = new Secret(tools().unguessable().get() + tools().unguessable().get());
    try (var serving = new Serving(first.keys(), keys, role, door, local())) {
      return ran(api, first, first.ends(), serving.outfit(), keys::outlivesUntil);
    } catch (IOException e) {
      throw Failure.of(
          "the command's keys cannot be served on this machine",
          "daypass exec " + role + " --env -- " + Plain.line(command.getFirst()));
    }
  }

  private int ran(
      Api api, Lease first, Instant end, Outfit outfit, Supplier<@Nullable Instant> last) {
    outfit.notes().forEach(this::note);
    var words = new EndWords(role, last);
    note(words.ends(times(), end));
    var voice = voice(first, words);
    try (var _ = new EndWatch(local().clock(), end, known -> later(api, known), voice)) {
      return switch (Child.run(command, outfit.over(local().environment()))) {
        case Child.End.Exited(var code) -> code;
        case Child.End.NotStarted(var code, var why) -> {
          errors().println("daypass: error: " + Plain.line(command.getFirst()) + ": " + why);
          errors().println("daypass: hint: look at the words after --");
          errors().flush();
          yield code;
        }
      };
    }
  }

  private EndWatch.Voice voice(Lease first, EndWords words) {
    return new EndWatch.Voice() {
      @Override
      public void soon(Instant end) {
        var more =
            first.request().isEmpty()
                ? ""
                : "; for more time: daypass extend "
                    + Plain.line(first.request())
                    + " --for 1h --reason \"...\"";
        note(words.ends(times(), end) + more);
      }

      @Override
      public void over(Instant end) {
        note(words.ended(times()));
      }
    };
  }

  /** A grant may have been extended while the command ran; keys in its environment stay as old. */
  private Instant later(Api api, Instant known) {
    if (inEnvironment) {
      return known;
    }
    var parameters = new HashMap<String, @Nullable String>();
    parameters.put("mine", "true");
    parameters.put("role", role);
    parameters.put("state", "approved");
    try {
      return switch (api.get(Api.path("/v1/requests", parameters), Wire.Requests.class)) {
        case Answer.Refused<Wire.Requests> _ -> known;
        case Answer.Given<Wire.Requests> given -> latest(given.value(), known);
      };
    } catch (Failure _) {
      return known;
    }
  }

  private static Instant latest(Wire.Requests page, Instant known) {
    var latest = known;
    for (var request : page.requests()) {
      var starts = request.grantStartsAt();
      var ends = request.grantEndsAt();
      // One that starts later leaves a gap.
      if (starts != null
          && ends != null
          && !Instant.parse(starts).isAfter(known)
          && Instant.parse(ends).isAfter(latest)) {
        latest = Instant.parse(ends);
      }
    }
    return latest;
  }
}

package io.daypass.cli;

import io.daypass.cli.client.Failure;
import io.daypass.cli.client.Hints;
import io.daypass.cli.client.Local;
import io.daypass.cli.loopback.Browser;
import io.daypass.cli.loopback.OneTimeLink;
import io.daypass.cli.screen.Plain;
import io.daypass.cloud.Secret;
import io.daypass.web.api.Json;
import io.daypass.web.api.Wire;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * {@code daypass console}. The link is a secret: it goes to the browser by an answer of ours and
 * never by its command line.
 */
@Command(
    name = "console",
    description = "Open the cloud's console as a role, in your browser.",
    footer = {"", "The console ends with the grant."})
final class ConsoleCommand extends PeopleCommand {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @Parameters(paramLabel = "ROLE", description = "The role's name.")
  private String role;

  @Option(
      names = "--destination",
      paramLabel = "NAME",
      description = "Where it leads, one of the role's destinations; its first if left out.")
  private @Nullable String destination;

  @Option(
      names = "--print",
      description = "Print the link instead: a secret, good once and for minutes.")
  private boolean print;

  // picocli fills the annotated fields before the command is called.
  @SuppressWarnings("NullAway.Init")
  ConsoleCommand(Local local, Tools tools) {
    super(local, tools);
  }

  @Override
  int run() {
    var members = new HashMap<String, @Nullable Object>();
    members.put("destination", destination);
    var path = "/v1/roles/" + Inputs.role(role) + "/console";
    var api = api();
    var given = given(api, api.post(path, members, Wire.ConsoleLink.class));
    var link = given.value();
    if (wantsJson()) {
      json(given);
    } else if (print) {
      print(Plain.line(link.url()));
    } else {
      open(new Secret(link.url()));
    }
    note("the console of " + role + " ends at " + times().until(Instant.parse(link.expiresAt())));
    return DONE;
  }

  /** The link; that there is none ends the command. */
  private Answer.Given<Wire.ConsoleLink> given(Api api, Answer<Wire.ConsoleLink> answer) {
    if (answer instanceof Answer.Refused<Wire.ConsoleLink>(var refusal, var _)
        && refusal.code().equals("no_such_destination")) {
      throw elsewhere(api);
    }
    var given = answer.orFail(role);
    if (given.status() == 202) {
      throw Json.read(given.json(), Wire.Pending.class)
          .map(pending ->
              Hints.waiting(
                  role, Plain.line(pending.requestId()), Plain.line(pending.requestUrl())))
          .orElseGet(() -> Failure.waiting(role + " is not approved yet", "daypass requests"));
    }
    return given;
  }

  /** The role has no console, or none there: where it has one. */
  private Failure elsewhere(Api api) {
    var places =
        api.get("/v1/roles", Wire.Roles.class).orFail(role).value().roles().stream()
            .filter(one -> one.name().equals(role))
            .flatMap(one -> one.console().stream())
            .map(Plain::line)
            .toList();
    return places.isEmpty()
        ? Failure.of(role + " has no console", "daypass roles")
        : Failure.of(
            "the console of " + role + " leads to " + String.join(", ", places),
            "daypass console " + role + " --destination " + places.getFirst());
  }

  private void open(Secret link) {
    var otherwise = "daypass console " + role + " --print";
    try (var page = OneTimeLink.of(link, tools().unguessable().get())) {
      if (!new Browser(local().environment()).open(page.url())) {
        throw Failure.of("there is no browser to open here", otherwise);
      }
      if (!page.awaitTaken(PATIENCE)) {
        throw Failure.of("the browser did not come for the link", otherwise);
      }
    } catch (IOException e) {
      throw Failure.of("no port can be opened on this machine for the browser", otherwise);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      throw Failure.of("broken off", otherwise);
    }
  }
}

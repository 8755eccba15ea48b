package io.daypass.cli;

import io.daypass.cli.client.Failure;
import io.daypass.cli.client.Local;
import io.daypass.cli.loopback.Browser;
import io.daypass.cli.loopback.OneTimeLink;
import io.daypass.cli.screen.Plain;
import io.daypass.cloud.Secret;
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
    var given = api().post(path, members, Wire.ConsoleLink.class).orFail(role);
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

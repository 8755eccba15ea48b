package io.daypass.web.api;

import io.daypass.identity.Kind;
import io.daypass.issuance.Issuance;
import io.daypass.ledger.CheckpointStore;
import io.daypass.ledger.Ledger;
import io.daypass.policy.Policies;
import io.daypass.request.ApprovalDesk;
import io.daypass.request.Offices;
import io.daypass.request.RequestDesk;
import io.daypass.request.RequestReader;
import io.daypass.request.SuspensionDesk;
import io.daypass.settings.Settings;
import io.daypass.web.Answer;
import io.daypass.web.Document;
import io.daypass.web.Route;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** The JSON endpoints under {@code /v1}, and the documents that describe them. */
public final class Api {

  private static final Duration HOUR = Duration.ofHours(1);

  /** Each holds some ten megabytes for a moment. */
  private static final int EXPORTS = 3;

  private Api() {}

  /** Where requests are made, decided and read. */
  public record Desks(
      RequestDesk requests,
      ApprovalDesk approvals,
      RequestReader reader,
      SuspensionDesk suspensions) {}

  /** What may be looked up. */
  public record Knowledge(
      Supplier<Policies> policies, Aftermath aftermath, Offices offices, Known known) {}

  /** What is read in pages, here as on the pages for people. */
  public record Reading(RequestListing requests, LedgerReading ledger) {}

  /** All routes. */
  public static List<Route> routes(
      Door door, Desks desks, Knowledge knowledge, Issuing issuing, Reading reading) {
    var show = new Show(issuing.publicUrl(), knowledge.policies(), knowledge.aftermath());
    var book = new RoleBook(knowledge.policies(), knowledge.aftermath());
    var refusals = issuing.refusals();
    var routes = new ArrayList<Route>();
    routes.addAll(
        new RoleRoutes(door, book, knowledge.offices(), knowledge.known(), refusals).routes());
    routes.addAll(
        new ReadingRoutes(door, desks.reader(), reading.requests(), issuing.ledger(), show)
            .routes());
    var acts =
        new RequestActs(desks.requests(), desks.approvals(), desks.reader(), refusals, door.now());
    routes.addAll(new RequestRoutes(door, acts, show).routes());
    routes.addAll(new PeopleRoutes(door, desks.suspensions(), refusals).routes());
    routes.addAll(new CredentialRoutes(door, issuing.issuance(), show).routes());
    routes.addAll(
        new LedgerRoutes(door, reading.ledger(), issuing.ledger(), desks.suspensions(), refusals)
            .routes());
    routes.add(new ExportRoute(door, reading.ledger(), new Turns(EXPORTS)).route());
    routes.add(new CheckpointRoute(door, issuing.checkpoints(), reading.ledger()).route());
    return routes;
  }

  /** What issues, and what it writes to. */
  public record Issuing(
      Issuance issuance,
      Ledger ledger,
      Refusals refusals,
      CheckpointStore checkpoints,
      URI publicUrl) {}

  /** {@code /.well-known/daypass}: what the command line needs to sign in. */
  public static Document welcome(Settings settings) {
    var issuers =
        settings.issuers().stream()
            .filter(issuer -> issuer.trusted().kind() == Kind.HUMAN)
            .flatMap(issuer ->
                Optional.ofNullable(issuer.cli()).stream()
                    .map(cli ->
                        new Wire.SignIn(
                            issuer.trusted().name(),
                            issuer.trusted().issuer(),
                            cli.clientId(),
                            issuer.trusted().audience())))
            .toList();
    return Document.of(
        Json.write(new Wire.Welcome(settings.publicUrl().toString(), issuers)),
        Answer.JSON,
        Duration.ofMinutes(5));
  }

  /** {@code /openapi.yaml}. */
  public static Document openapi() {
    try (var stream = Api.class.getResourceAsStream("/openapi.yaml")) {
      if (stream == null) {
        throw new IllegalStateException("openapi.yaml is part of the broker");
      }
      var text = new String(stream.readAllBytes(), StandardCharsets.UTF_8);
      return Document.of(text, "application/yaml", HOUR);
    } catch (IOException e) {
      throw new IllegalStateException("openapi.yaml is part of the broker", e);
    }
  }
}

package io.daypass.cli;

import io.daypass.cli.client.Failure;
import io.daypass.document.Problem;
import io.daypass.identity.CallerId;
import io.daypass.identity.Identity;
import io.daypass.identity.Kind;
import io.daypass.policy.Circumstances;
import io.daypass.policy.Durations;
import io.daypass.policy.Explanation;
import io.daypass.policy.Policies;
import io.daypass.policy.Wish;
import io.daypass.policy.yaml.Explaining;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Somebody who asks, made up on the command line: who they are, for what they ask, and whence. */
final class PolicyAsker {

  @Option(names = "--caller", paramLabel = "FILE", description = "Who asks, as a file says.")
  private @Nullable Path caller;

  @Option(
      names = "--issuer",
      defaultValue = "staff",
      paramLabel = "NAME",
      description = "The issuer that vouches for them.")
  private String issuer;

  @Option(
      names = "--kind",
      defaultValue = "human",
      paramLabel = "human|workload",
      description = "Whether they are a person or a machine.")
  private String kind;

  @Option(
      names = "--subject",
      defaultValue = "somebody",
      paramLabel = "ID",
      description = "Who they are to their issuer.")
  private String subject;

  @Option(names = "--email", paramLabel = "ADDRESS", description = "Their e-mail address.")
  private @Nullable String email;

  @Option(
      names = "--group",
      paramLabel = "NAME",
      description = "A group they are in; say it once for each.")
  private @Nullable List<String> groups;

  @Option(
      names = "--claim",
      paramLabel = "NAME=TEXT",
      description = "A claim of their token; say it once for each.")
  private @Nullable Map<String, String> claims;

  @Option(
      names = "--for",
      defaultValue = "15m",
      paramLabel = "DURATION",
      description = "For how long they ask.")
  private String duration;

  @Option(
      names = "--reason",
      paramLabel = "TEXT",
      description =
          "The reason they give; without it and a ticket, they are taken to give what the rule"
              + " wants.")
  private @Nullable String reason;

  @Option(names = "--ticket", paramLabel = "TICKET", description = "The ticket they name.")
  private @Nullable String ticket;

  @Option(
      names = "--from",
      defaultValue = "192.0.2.1",
      paramLabel = "ADDRESS",
      description = "The address they come from.")
  private String from;

  @Option(names = "--at", paramLabel = "INSTANT", description = "When they ask; now if left out.")
  private @Nullable String at;

  // picocli fills the annotated fields before the command is called.
  @SuppressWarnings("NullAway.Init")
  PolicyAsker() {}

  /**
   * For what they ask, when and whence.
   *
   * @param said whether they say why; if not, it is what they could have who name the reason and
   *     the ticket that the rule wants, as {@code daypass explain} has it
   */
  record Question(Wish wish, boolean said, Circumstances circumstances) {

    Explanation put(Policies policies, Identity who, String role) {
      return said
          ? policies.explain(who, role, wish, circumstances)
          : policies.outlook(who, role, wish.duration(), circumstances);
    }
  }

  Question question(InstantSource clock) {
    var wish = new Wish(duration(), reason == null ? "" : reason, ticket);
    var said = reason != null || ticket != null;
    return new Question(wish, said, new Circumstances(instant(clock), address()));
  }

  /** Who they are; empty if the file that says it has {@code problems}. */
  Optional<Identity> identity(List<Problem> problems) {
    return caller == null ? Optional.of(named()) : Explaining.caller(caller, problems);
  }

  private Identity named() {
    var all = new HashMap<String, Object>(claims == null ? Map.of() : claims);
    all.putIfAbsent("sub", subject);
    var in = groups == null ? Set.<String>of() : Set.copyOf(groups);
    return new Identity(new CallerId(issuer, subject), kind(), null, email, null, in, all);
  }

  private Kind kind() {
    return switch (kind) {
      case "human" -> Kind.HUMAN;
      case "workload" -> Kind.WORKLOAD;
      default -> throw wrong("--kind is human or workload");
    };
  }

  private Duration duration() {
    return Durations.parse(duration)
        .orElseThrow(() -> wrong("--for is a duration such as 30m, 8h or 1h30m"));
  }

  private String address() {
    if (!Explaining.isAddress(from)) {
      throw wrong("--from is an address such as 10.1.2.3");
    }
    return from;
  }

  private Instant instant(InstantSource clock) {
    try {
      return at == null ? clock.instant() : Instant.parse(at);
    } catch (DateTimeException _) {
      throw wrong("--at is an instant such as 2026-03-02T12:00:00Z");
    }
  }

  private static Failure wrong(String message) {
    return Failure.usage(message, "see daypass policy explain --help");
  }
}

package io.daypass.cli;

import io.daypass.cli.client.Failure;
import io.daypass.cli.client.Local;
import io.daypass.cli.credential.Cache;
import io.daypass.cli.screen.Plain;
import io.daypass.web.api.Wire;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Deciding on requests, and ending them. */
final class DecisionCommands {

  private DecisionCommands() {}

  /** A command that does one thing to one request and says what came of it. */
  abstract static class OnOne extends PeopleCommand {

    @Parameters(paramLabel = "ID", description = "The request, or how its id starts.")
    private String id;

    private final Local local;
    private final String verb;

    // picocli fills the annotated fields before the command is called.
    @SuppressWarnings("NullAway.Init")
    OnOne(Local local, Tools tools, String verb) {
      super(local, tools);
      this.local = local;
      this.verb = verb;
    }

    @Override
    final int run() {
      var api = api();
      var found = Found.id(this, api, id);
      var path = "/v1/requests/" + found + "/" + verb;
      var done = api.post(path, members(), Wire.Request.class).orFail();
      if (endsAccess()) {
        Cache.forgetRequest(local, done.value().id());
      }
      if (wantsJson()) {
        json(done);
      } else {
        print(said(done.value(), sentences()));
        if (endsAccess()) {
          print(List.of(sentences().stillOut(found, readAgain(api, found))));
        }
      }
      return DONE;
    }

    /** With what is still out under it; what was asked for is done, whether this answers or not. */
    private static Optional<Wire.Request> readAgain(Api api, String id) {
      try {
        return switch (api.get("/v1/requests/" + id, Wire.Request.class)) {
          case Answer.Given<Wire.Request> given -> Optional.of(given.value());
          case Answer.Refused<Wire.Request> _ -> Optional.empty();
        };
      } catch (Failure _) {
        return Optional.empty();
      }
    }

    /** Whether keys that are kept here for the request must go with it. */
    boolean endsAccess() {
      return false;
    }

    abstract Map<String, ? extends @Nullable Object> members();

    abstract List<String> said(Wire.Request request, Sentences sentences);

    static String whose(Wire.Request request) {
      return Sentences.person(request.requester());
    }
  }

  @Command(
      name = "approve",
      description = "Say yes to a request.",
      footer = {"", "See what it is about before: daypass requests ID"})
  static final class Approve extends OnOne {

    @Option(names = "--comment", paramLabel = "TEXT", description = "What you want to say to it.")
    private @Nullable String comment;

    @Option(
        names = "--for",
        paramLabel = "DURATION",
        description = "A shorter time than was asked for.")
    private @Nullable String duration;

    Approve(Local local, Tools tools) {
      super(local, tools, "approve");
    }

    @Override
    Map<String, ? extends @Nullable Object> members() {
      var members = new HashMap<String, @Nullable Object>();
      members.put("comment", comment);
      members.put("duration", duration == null ? null : Inputs.duration(duration));
      return members;
    }

    @Override
    List<String> said(Wire.Request request, Sentences sentences) {
      return Outcome.isPending(request)
          ? sentences.counted(request)
          : List.of("approved: " + whose(request) + " has " + sentences.lasts(request));
    }
  }

  @Command(name = "deny", description = "Say no to a request; one no is enough.")
  static final class Deny extends OnOne {

    @Option(
        names = "--comment",
        required = true,
        paramLabel = "TEXT",
        description = "Why; whoever asked reads it.")
    private String comment;

    // picocli fills the annotated fields before the command is called.
    @SuppressWarnings("NullAway.Init")
    Deny(Local local, Tools tools) {
      super(local, tools, "deny");
    }

    @Override
    Map<String, ? extends @Nullable Object> members() {
      return Map.of("comment", comment);
    }

    @Override
    List<String> said(Wire.Request request, Sentences sentences) {
      return List.of("denied: " + whose(request) + " does not get " + Sentences.what(request));
    }
  }

  @Command(name = "cancel", description = "Take your pending request back.")
  static final class Cancel extends OnOne {

    @Option(names = "--reason", paramLabel = "TEXT", description = "Why.")
    private @Nullable String reason;

    Cancel(Local local, Tools tools) {
      super(local, tools, "cancel");
    }

    @Override
    Map<String, ? extends @Nullable Object> members() {
      return reason(reason);
    }

    @Override
    List<String> said(Wire.Request request, Sentences sentences) {
      return List.of("cancelled: you no longer ask for " + Sentences.what(request));
    }
  }

  @Command(name = "return", description = "Give a grant back before its end.")
  static final class Return extends OnOne {

    @Option(names = "--reason", paramLabel = "TEXT", description = "Why.")
    private @Nullable String reason;

    Return(Local local, Tools tools) {
      super(local, tools, "return");
    }

    @Override
    boolean endsAccess() {
      return true;
    }

    @Override
    Map<String, ? extends @Nullable Object> members() {
      return reason(reason);
    }

    @Override
    List<String> said(Wire.Request request, Sentences sentences) {
      return List.of(
          "returned: no more credentials for " + Plain.line(request.role()) + " under it");
    }
  }

  @Command(name = "revoke", description = "End a grant for good, with all that extends it.")
  static final class Revoke extends OnOne {

    @Option(
        names = "--reason",
        required = true,
        paramLabel = "TEXT",
        description = "Why; it stands in the ledger.")
    private String reason;

    // picocli fills the annotated fields before the command is called.
    @SuppressWarnings("NullAway.Init")
    Revoke(Local local, Tools tools) {
      super(local, tools, "revoke");
    }

    @Override
    boolean endsAccess() {
      return true;
    }

    @Override
    Map<String, ? extends @Nullable Object> members() {
      return Map.of("reason", reason);
    }

    @Override
    List<String> said(Wire.Request request, Sentences sentences) {
      return List.of(
          "revoked: no more credentials for "
              + Plain.line(request.role())
              + " to "
              + whose(request)
              + " under it");
    }
  }

  private static Map<String, ? extends @Nullable Object> reason(@Nullable String reason) {
    var members = new HashMap<String, @Nullable Object>();
    members.put("reason", reason);
    return members;
  }
}

package io.daypass.cli;

import io.daypass.cli.client.Failure;
import io.daypass.cli.client.Hints;
import io.daypass.cli.credential.Cache;
import io.daypass.cli.screen.Plain;
import io.daypass.web.api.Wire;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Says what became of a request, waits for people if that is wanted, and knows the exit code. */
final class Outcome {

  /** What began just now by the broker's clock has begun, also where this machine's is behind. */
  private static final Duration A_MOMENT = Duration.ofSeconds(5);

  private final PeopleCommand command;
  private final Api api;
  private final Whose whose;

  /** Whose request it is. */
  enum Whose {
    /** Of whoever runs the command: they have just made it. */
    MINE,
    /** Of anybody whose requests they may see. */
    ANYBODYS
  }

  Outcome(PeopleCommand command, Api api, Whose whose) {
    this.command = command;
    this.api = api;
    this.whose = whose;
  }

  /** After asking: what it takes, where people look at it, and what to do next. */
  int asked(Answer.Given<Wire.Request> asked, boolean waits) {
    var request = asked.value();
    if (!isPending(request)) {
      return decided(asked, true);
    }
    if (waits) {
      takes(request).forEach(command::note);
      return waited(request);
    }
    if (command.wantsJson()) {
      command.json(asked);
    } else {
      command.print(command.sentences().stands(request));
      command.print("rule: " + Plain.line(request.rule()));
      command.print("request: " + where(request));
      command.note("it waits for people; see it through with: daypass wait " + request.id());
    }
    return ClientCommand.WAITING;
  }

  /** Waits until it is decided, whoever it is that asked. */
  int waited(Wire.Request request) {
    return switch (new Waiting(command, api).until(request)) {
      case Waiting.End.Decided(var decided) -> decided(decided, false);
      case Waiting.End.BrokenOff _ -> {
        command.note("the request stands, and waits without you: daypass wait " + request.id());
        yield PeopleCommand.INTERRUPTED;
      }
    };
  }

  /** A request that waits for nobody any more. */
  int decided(Answer.Given<Wire.Request> decided, boolean told) {
    var request = decided.value();
    if (command.wantsJson()) {
      command.json(decided);
    }
    var stands = command.sentences().stands(request);
    if (!request.state().equals("approved")) {
      throw Failure.of("the request was " + String.join("; ", stands), hint(request));
    }
    var isUnderWay = isUnderWay(request);
    if (isUnderWay) {
      forgetOthers(request);
    }
    if (!command.wantsJson()) {
      command.print(stands);
      command.print(Sentences.outlives(request.afterEnd()));
      if (told) {
        command.print("rule: " + Plain.line(request.rule()));
        command.print("request: " + where(request));
      }
      if (isUnderWay) {
        command.note(
            "run something with it: daypass exec " + Plain.line(request.role()) + " -- COMMAND");
      }
    }
    return ClientCommand.DONE;
  }

  /** Another's grant gives nothing here, so it takes the place of nothing. */
  private void forgetOthers(Wire.Request request) {
    var local = command.local();
    var scope = api.broker().bearer().scope();
    if (Cache.hasOthers(local, scope, request.role(), request.id()) && isMine(request)) {
      Cache.forgetOthers(local, scope, request.role(), request.id());
    }
  }

  /** Where the broker does not say so, it is not: keys that are kept are looked after anyway. */
  private boolean isMine(Wire.Request request) {
    return switch (whose) {
      case MINE -> true;
      case ANYBODYS -> {
        try {
          yield api.get("/v1/me", Wire.Me.class) instanceof Answer.Given<Wire.Me> me
              && request.requester().issuer().equals(me.value().issuer())
              && request.requester().subject().equals(me.value().subject());
        } catch (Failure _) {
          yield false;
        }
      }
    };
  }

  /** Whether credentials are to be had already. */
  private boolean isUnderWay(Wire.Request request) {
    var starts = request.grantStartsAt();
    return starts != null && !Instant.parse(starts).isAfter(command.times().now().plus(A_MOMENT));
  }

  static boolean isPending(Wire.Request request) {
    return request.state().equals("pending");
  }

  private List<String> takes(Wire.Request request) {
    var lines = new ArrayList<>(command.sentences().stands(request));
    lines.add("rule: " + Plain.line(request.rule()));
    lines.add("request: " + where(request));
    return lines;
  }

  private static String where(Wire.Request request) {
    return Plain.line(request.id()) + "  " + Plain.line(request.url());
  }

  private static String hint(Wire.Request request) {
    return request.state().equals("denied")
        ? "daypass explain " + Plain.line(request.role())
        : Hints.ask(Plain.line(request.role()));
  }
}

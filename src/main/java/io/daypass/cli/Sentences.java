package io.daypass.cli;

import io.daypass.cli.screen.Plain;
import io.daypass.cli.screen.Times;
import io.daypass.policy.Durations;
import io.daypass.web.api.Wire;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The broker's records in words; text of others in them is made harmless. */
final class Sentences {

  private static final Pattern MEMBER = Pattern.compile("\"([^\"\\\\]+)\" in groups");

  private final Times times;

  Sentences(Times times) {
    this.times = times;
  }

  /** Who must agree, as in {@code 1 of "leads" and 1 of "security"}. */
  static String approval(List<Wire.Line> lines) {
    return lines.isEmpty()
        ? "nobody"
        : lines.stream()
            .map(line -> line.count() + " of " + from(line.from()))
            .collect(Collectors.joining(" and "));
  }

  /** What a request must bring, as in {@code , with a reason and a ticket}; empty for nothing. */
  static String with(boolean reason, @Nullable String ticket) {
    var with = new ArrayList<String>();
    if (reason) {
      with.add("a reason");
    }
    if (ticket != null) {
      with.add("a ticket");
    }
    return with.isEmpty() ? "" : ", with " + String.join(" and ", with);
  }

  /** The condition of an approval line; most only name a group. */
  private static String from(String condition) {
    var member = MEMBER.matcher(condition);
    return member.matches() ? Plain.line(member.group(1)) : "whom " + Plain.line(condition);
  }

  /** {@code 2h} as {@code 2 hours}; what cannot be read stays. */
  static String span(String duration) {
    return Durations.parse(duration).map(Times::span).orElseGet(() -> Plain.line(duration));
  }

  static String person(Wire.Person person) {
    return Plain.line(person.shownAs());
  }

  /** Where the request stands. */
  List<String> stands(Wire.Request request) {
    return switch (request.state()) {
      case "pending" -> pending(request);
      case "approved" -> approved(request);
      case "denied" -> List.of("denied" + verdict(request, "deny"));
      case "lapsed" ->
          List.of("lapsed " + times.at(instant(request.lapsesAt())) + ": nobody decided in time");
      case "ended" -> List.of("ended " + end(request) + ": " + what(request));
      case String other -> List.of(Plain.line(other) + ending(request));
    };
  }

  private List<String> pending(Wire.Request request) {
    var lines = new ArrayList<String>();
    lines.add(what(request) + " waits for approval by " + approval(request.approval()));
    var yes =
        request.approvals().stream()
            .filter(a -> a.verdict().equals("approve"))
            .map(a -> person(a.approver()))
            .toList();
    if (!yes.isEmpty()) {
      lines.add("agreed so far: " + String.join(", ", yes));
    }
    lines.add("it lapses undecided at " + times.until(instant(request.lapsesAt())));
    return lines;
  }

  private List<String> approved(Wire.Request request) {
    var how = request.approval().isEmpty() ? "approved at once" : "approved";
    var who = verdict(request, "approve");
    return List.of(how + who + (who.isEmpty() ? ": " : "; ") + lasts(request));
  }

  /** After a yes that was not the last one. */
  List<String> counted(Wire.Request request) {
    var lines = new ArrayList<String>();
    lines.add("your yes is counted");
    lines.addAll(pending(request));
    return lines;
  }

  /**
   * What a grant that ended early leaves behind in its cloud.
   *
   * @param read the request as it is now; empty if that could not be had
   */
  String stillOut(String id, Optional<Wire.Request> read) {
    if (read.isEmpty()) {
      return "what was handed out before ends by itself; until when: daypass requests " + id;
    }
    var request = read.get();
    var last = moment(request.credentialsLiveUntil());
    if (last.isEmpty()) {
      return "nothing was handed out under it";
    }
    if (!last.get().isAfter(times.now())) {
      return "what was handed out under it has ended, the last at " + times.at(last.get());
    }
    var cut = request.sessionsCut();
    if (cut != null) {
      return cut(cut);
    }
    var after = request.afterEnd();
    return after != null && after.by().equals("role_assignment")
        ? "the access made for it is being taken away; the last token dies by itself at "
            + times.at(last.get())
        : "what was handed out before ends by itself, at "
            + times.at(last.get())
            + " at the latest";
  }

  /** That what is handed out works on after the end of its grant; empty where it does not. */
  static List<String> outlives(Wire.@Nullable AfterEnd after) {
    return after == null || !after.by().equals("outlives_approval")
        ? List.of()
        : List.of("at its end: " + Plain.line(after.detail()));
  }

  /** How far it is with ending live sessions early. */
  String cut(Wire.Cut cut) {
    var latest = "; it ends by itself by " + times.at(instant(cut.sessionsUntil()));
    return switch (cut.state()) {
      case "asked" -> "AWS is being told to deny everything to what was handed out" + latest;
      case "stuck" ->
          "AWS could not be told yet to deny everything to what was handed out, and is asked again"
              + latest;
      case "applied" ->
          "AWS was told to deny everything to what was handed out; that should hold everywhere from "
              + moment(cut.effectiveAfter()).map(times::at).orElse("now")
              + " on";
      case String _ -> "what was handed out has ended";
    };
  }

  /** As in {@code prod-readonly until 14:05, in 55 minutes}. */
  String lasts(Wire.Request request) {
    var role = Plain.line(request.role());
    var starts = moment(request.grantStartsAt());
    var ends = moment(request.grantEndsAt());
    if (starts.isEmpty() || ends.isEmpty()) {
      return role;
    }
    return starts.get().isAfter(times.now())
        ? role + " from " + times.until(starts.get()) + ", until " + times.at(ends.get())
        : role + " until " + times.until(ends.get());
  }

  private String end(Wire.Request request) {
    return moment(request.grantEndsAt()).map(times::at).orElse("");
  }

  private static String verdict(Wire.Request request, String verdict) {
    var given = request.approvals().stream().filter(a -> a.verdict().equals(verdict)).toList();
    if (given.isEmpty()) {
      return "";
    }
    return " by " + given.stream().map(Sentences::voice).collect(Collectors.joining(", "));
  }

  private static String voice(Wire.Approval approval) {
    var comment = approval.comment();
    return person(approval.approver())
        + (comment == null || comment.isBlank() ? "" : " (" + Plain.line(comment) + ")");
  }

  private String ending(Wire.Request request) {
    var ended = request.ended();
    if (ended == null) {
      return "";
    }
    var reason = ended.reason();
    return " "
        + times.at(instant(ended.at()))
        + " by "
        + Plain.line(ended.by())
        + (reason == null || reason.isBlank() ? "" : ": " + Plain.line(reason));
  }

  /** As in {@code prod-readonly for 1 hour}. */
  static String what(Wire.Request request) {
    return Plain.line(request.role()) + " for " + span(agreed(request));
  }

  /** The duration that was agreed to: the shortest that the requester and the approvers named. */
  static String agreed(Wire.Request request) {
    var agreed = request.duration();
    for (var approval : request.approvals()) {
      var shorter = approval.duration();
      if (shorter != null && isShorter(shorter, agreed)) {
        agreed = shorter;
      }
    }
    return agreed;
  }

  private static boolean isShorter(String one, String other) {
    var known = Durations.parse(other);
    return Durations.parse(one)
        .filter(duration -> known.isPresent() && duration.compareTo(known.get()) < 0)
        .isPresent();
  }

  /** As in {@code 20 minutes (1 hour was asked for)}. */
  static String agreedAndAsked(Wire.Request request) {
    var agreed = span(agreed(request));
    var asked = span(request.duration());
    return agreed.equals(asked) ? asked : agreed + " (" + asked + " was asked for)";
  }

  static Instant instant(String text) {
    return Instant.parse(text);
  }

  private static Optional<Instant> moment(@Nullable String text) {
    return Optional.ofNullable(text).map(Instant::parse);
  }
}

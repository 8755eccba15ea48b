package io.daypass.notice;

import io.daypass.identity.Identity;
import io.daypass.policy.Durations;
import io.daypass.policy.Role;
import io.daypass.request.AccessRequest;
import io.daypass.request.AccessRequest.Basis;
import io.daypass.request.Approval;
import io.daypass.request.RunOrigin;
import java.net.URI;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A message in words, for media that people read. All of it is tame. */
public final class Wording {

  private static final int LONGEST_TITLE = 140;
  private static final int LONGEST = 1000;
  private static final int LONGEST_NAME = 200;
  private static final int MOST_APPROVALS = 10;

  private final Message message;
  private final List<Line> lines = new ArrayList<>();

  private Wording(Message message) {
    this.message = message;
  }

  /** One fact. */
  public record Line(String label, String text) {}

  /**
   * The whole.
   *
   * @param page opens the request's page, which decides nothing by itself
   * @param run the pipeline's run, at its own service; null if there is none
   */
  public record Words(String title, List<Line> lines, URI page, @Nullable URI run) {
    public Words {
      lines = List.copyOf(lines);
    }
  }

  /** The words for {@code message}. */
  public static Words of(Message message) {
    return new Wording(message).words();
  }

  private Words words() {
    var about = message.about();
    var origin =
        about == null ? Optional.<RunOrigin>empty() : RunOrigin.of(about.request().requester());
    if (about != null) {
      request(about.request());
      origin.ifPresent(this::origin);
      decisions(about.request());
      line("State", stateNow(about));
    } else {
      role();
    }
    broker();
    var run = origin.map(RunOrigin::run).map(URI::create).orElse(null);
    return new Words(title(), lines, message.page(), run);
  }

  private String title() {
    var title = new StringBuilder(message.notice().kind().phrase());
    var role = message.notice().role();
    if (role != null) {
      title.append(": ").append(role);
    }
    var about = message.about();
    if (about != null) {
      title.append(" for ").append(about.request().requester().shownAs());
    }
    return Tame.line(title.toString(), LONGEST_TITLE);
  }

  private void request(AccessRequest request) {
    line("Requester", person(request.requester()));
    role();
    line("Duration", duration(request));
    line("Reason", request.wish().reason());
    line("Ticket", request.wish().ticket());
    line("Starts", instant(request.startsAt()));
    var extended = request.extendsRequest();
    line("Extends", extended == null ? null : extended.value());
  }

  private void role() {
    var name = message.notice().role();
    var role = message.role();
    if (role == null) {
      line("Role", name);
    } else {
      line("Role", role.name() + " (" + role.description() + ")");
      line("Access", access(role));
      line("Sensitivity", word(role.sensitivity()));
    }
  }

  private void origin(RunOrigin origin) {
    line("Repository", origin.repository());
    line("Ref", origin.ref());
    line("Commit", origin.commit());
    line("Actor", origin.actor());
    line("Run", origin.run());
  }

  private void decisions(AccessRequest request) {
    for (var needed : request.basis().lines()) {
      line("Must agree", needed(needed));
    }
    for (var approval : request.approvals().stream().limit(MOST_APPROVALS).toList()) {
      line(approval.verdict() == Approval.Verdict.APPROVE ? "Yes" : "No", decision(approval));
    }
    ending(request);
  }

  private void ending(AccessRequest request) {
    var ending = request.ending();
    // A denial stands among the decisions.
    if (ending != null && request.state() != AccessRequest.State.DENIED) {
      line("Ended by", ending.by());
      line("Because", ending.reason());
    }
    line(
        "Ends",
        request.state() == AccessRequest.State.APPROVED
            ? instant(request.times().grantEnds())
            : null);
  }

  private void broker() {
    var notice = message.notice();
    line("By", by());
    line("Reason", notice.detail().get("reason"));
    line("Issuance", notice.issuance() == null ? null : notice.issuance().toString());
    line("Cloud", notice.detail().get("cloud"));
    line("Code", notice.detail().get("code"));
    line("Tries", notice.detail().get("tries"));
    line("At", instant(notice.at()));
  }

  private @Nullable String by() {
    var by = message.by();
    var id = message.notice().by();
    if (by != null) {
      return person(by);
    }
    return id == null ? null : id.subject() + " (" + id.issuer() + ")";
  }

  /** Nothing is said that the title says already. */
  private @Nullable String stateNow(Message.About about) {
    var expected =
        switch (message.notice().kind()) {
          case WAITING -> "pending";
          case APPROVED, DENIED, CANCELLED, LAPSED, RETURNED, REVOKED ->
              message.notice().kind().code();
          case ORPHANED, CLEANUP_STUCK, STOPPED, RESUMED -> "";
        };
    var now = word(about.status());
    return now.equals(expected) ? null : now + " by now";
  }

  private static String person(Identity identity) {
    var id = identity.id();
    return Tame.line(identity.shownAs(), LONGEST_NAME)
        + " ("
        + Tame.line(id.issuer(), LONGEST_NAME)
        + "="
        + Tame.line(id.subject(), LONGEST_NAME)
        + ")";
  }

  private static String needed(Basis.Line line) {
    return (line.count() == 1 ? "1 person" : line.count() + " people") + " with " + line.from();
  }

  private static String decision(Approval approval) {
    var text = new StringBuilder(person(approval.approver().identity()));
    var shorter = approval.shortenedTo();
    if (shorter != null) {
      text.append(", for ").append(Durations.show(shorter));
    }
    if (approval.comment() != null && !approval.comment().isBlank()) {
      text.append(": ").append(approval.comment());
    }
    return text.toString();
  }

  private static String duration(AccessRequest request) {
    var asked = Durations.show(request.wish().duration());
    var agreed = Durations.show(request.agreedDuration());
    return agreed.equals(asked) ? asked : agreed + " of " + asked + " asked for";
  }

  private static String access(Role role) {
    return word(role.access()).replace('_', '-');
  }

  private static String word(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }

  private static @Nullable String instant(@Nullable Instant instant) {
    return instant == null ? null : instant.truncatedTo(ChronoUnit.SECONDS).toString();
  }

  private void line(String label, @Nullable String text) {
    if (text != null && !text.isBlank()) {
      lines.add(new Line(label, Tame.line(text, LONGEST)));
    }
  }
}

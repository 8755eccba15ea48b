package io.daypass.notice;

import io.daypass.identity.CallerId;
import io.daypass.identity.Identity;
import io.daypass.identity.Kind;
import io.daypass.policy.Wish;
import io.daypass.request.AccessRequest;
import io.daypass.request.AccessRequest.Basis;
import io.daypass.request.AccessRequest.Ending;
import io.daypass.request.AccessRequest.State;
import io.daypass.request.AccessRequest.Status;
import io.daypass.request.AccessRequest.Times;
import io.daypass.request.Approval;
import io.daypass.request.RequestId;
import io.daypass.request.Roles;
import io.daypass.request.Standing;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Messages to deliver in tests; hostile ones too. */
public final class Messages {

  /** Everything that some medium might act on. */
  public static final String HOSTILE =
      "<!channel> @here &amp; <https://evil.example|Approve>\r\nBcc: x@evil.example\n"
          + "Yes: bob\t*bold* \u202eesrever\u0000\u001b[2J";

  private static final Instant AT = Instant.parse("2026-11-22T10:00:00Z");
  private static final RequestId ID = new RequestId("0123456789abcdef");
  private static final URI PAGE = URI.create("https://daypass.example.com/requests/" + ID);

  private String reason = "disk full";
  private @Nullable String comment = "looks right";
  private Identity requester = person("alice");
  private State state = State.PENDING;
  private NoticeKind kind = NoticeKind.WAITING;
  private @Nullable RequestId extending;
  private final List<Approval> approvals = new ArrayList<>();

  private Messages() {}

  public static Identity person(String name) {
    return new Identity(
        new CallerId("staff", name),
        Kind.HUMAN,
        name,
        name + "@acme.example",
        null,
        Set.of(),
        Map.of());
  }

  /** A run of GitHub Actions. */
  public static Identity run(String actor) {
    return new Identity(
        new CallerId("github", "repo:acme/shop:environment:release"),
        Kind.WORKLOAD,
        null,
        null,
        null,
        Set.of(),
        Map.of(
            "iss", "https://token.actions.githubusercontent.com",
            "repository", "acme/shop",
            "ref", "refs/heads/main",
            "sha", "8f3c1d2e",
            "actor", actor,
            "run_id", "77",
            "run_attempt", "2"));
  }

  public static Messages of(NoticeKind kind) {
    var messages = new Messages();
    messages.kind = kind;
    messages.state =
        switch (kind) {
          case DENIED -> State.DENIED;
          case CANCELLED -> State.CANCELLED;
          case RETURNED -> State.RETURNED;
          case REVOKED -> State.REVOKED;
          case APPROVED, ORPHANED, CLEANUP_STUCK -> State.APPROVED;
          case WAITING, LAPSED, STOPPED, RESUMED -> State.PENDING;
        };
    return messages;
  }

  public Messages by(Identity who) {
    requester = who;
    return this;
  }

  public Messages reason(String text) {
    reason = text;
    return this;
  }

  public Messages decided(String who, Approval.Verdict verdict, @Nullable String text) {
    comment = text;
    approvals.add(
        new Approval(
            new Standing(person(who), false, 1),
            null,
            verdict,
            comment,
            Duration.ofMinutes(30),
            "digest",
            AT));
    return this;
  }

  /** Begins later than it was asked for, and extends another. */
  public Messages extending() {
    extending = new RequestId("fedcba9876543210");
    return this;
  }

  /** About the request. */
  public Message make() {
    return make(Status.valueOf(state.name()));
  }

  /** The same, which has this status by now. */
  public Message make(Status status) {
    var notice = notice(ID, null, Map.of());
    return new Message(
        notice,
        new Message.About(request(), status),
        Roles.role("prod-admin").approvedBy(Roles.one("leads")).make(),
        null,
        PAGE);
  }

  /** About nobody's request. */
  public Message broker(Map<String, String> detail) {
    return new Message(
        notice(null, new CallerId("staff", "pat"), detail),
        null,
        null,
        person("pat"),
        URI.create("https://daypass.example.com/"));
  }

  private Notice notice(
      @Nullable RequestId request, @Nullable CallerId by, Map<String, String> detail) {
    var issuance = kind == NoticeKind.ORPHANED ? new UUID(7, 7) : null;
    var role = request == null ? null : "prod-admin";
    return new Notice(new UUID(1, 2), kind, AT, request, issuance, role, by, detail);
  }

  private AccessRequest request() {
    var over = state != State.PENDING && state != State.APPROVED;
    return new AccessRequest(
        ID,
        1,
        requester,
        "prod-admin",
        new Wish(Duration.ofHours(1), reason, "INC-1"),
        extending == null ? null : AT.plusSeconds(600),
        new Basis("a rule", List.of(new Basis.Line("\"leads\" in groups", 1)), "p", "r", "digest"),
        state,
        new Times(
            AT,
            AT.plusSeconds(86_400),
            state == State.APPROVED ? AT : null,
            state == State.APPROVED ? AT.plusSeconds(3600) : null),
        over ? new Ending(AT, "pat@acme.example", "incident") : null,
        approvals,
        extending);
  }
}

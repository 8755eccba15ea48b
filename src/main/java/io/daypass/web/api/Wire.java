package io.daypass.web.api;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What goes over the wire, as the broker writes it and the command line reads it: members in
 * snake_case, instants in ISO 8601, durations as people write them. Absent members are left out.
 */
public final class Wire {

  private Wire() {}

  /** Somebody: who vouches for them, as whom, and how they are shown. */
  public record Person(String issuer, String subject, String kind, String shownAs) {}

  /** The verified caller. */
  public record Me(
      String issuer,
      String subject,
      String kind,
      @Nullable String name,
      @Nullable String email,
      List<String> groups,
      boolean auditor,
      boolean administrator) {}

  /** An approval line: so many people of whom the condition holds. */
  public record Line(String from, int count) {}

  /** A role the caller may request, and what it would take. */
  public record Role(
      String name,
      String description,
      String access,
      String sensitivity,
      String cloud,
      String maxDuration,
      String rule,
      boolean automatic,
      List<Line> approval,
      boolean reasonRequired,
      @Nullable String ticket,
      List<String> console,
      AfterEnd afterEnd) {}

  /**
   * What becomes of credentials when their grant ends.
   *
   * @param by session_policy, token_expiry, role_assignment or outlives_approval
   */
  public record AfterEnd(String by, String detail) {}

  /** All roles the caller may request. */
  public record Roles(List<Role> roles) {}

  /** How one condition of a rule fared. */
  public record ConditionTrace(String key, String text, String truth, @Nullable String why) {}

  /** How one rule fared. */
  public record RuleTrace(String rule, boolean decided, List<ConditionTrace> conditions) {}

  /**
   * Why or why not.
   *
   * @param decision granted, needs_approval or denied
   * @param reasonRequired whether a request must say why; null where it is denied
   * @param ticket the pattern that its ticket must match as a whole; null where it needs none
   */
  public record Explanation(
      String role,
      String decision,
      @Nullable String code,
      @Nullable String detail,
      @Nullable String next,
      @Nullable String rule,
      @Nullable String duration,
      List<Line> approval,
      @Nullable Boolean reasonRequired,
      @Nullable String ticket,
      List<RuleTrace> trace,
      @Nullable AfterEnd afterEnd) {}

  /** One person's decision. */
  public record Approval(
      Person approver,
      String verdict,
      @Nullable String comment,
      @Nullable String duration,
      String at) {}

  /** Where a pipeline's request comes from, as its token says. */
  public record Origin(
      String repository,
      @Nullable String ref,
      @Nullable String commit,
      @Nullable String actor,
      @Nullable String run) {}

  /** An early end. */
  public record Ending(String at, String by, @Nullable String reason) {}

  /**
   * A request, and what became of it.
   *
   * @param credentialsLiveUntil when the last credential that was handed out under it dies; only
   *     where one request is read
   * @param sessionsCut how far it is with ending them early; only there too
   */
  public record Request(
      String id,
      String url,
      String state,
      String role,
      Person requester,
      @Nullable Origin origin,
      String duration,
      String reason,
      @Nullable String ticket,
      @Nullable String startsAt,
      String rule,
      List<Line> approval,
      List<Approval> approvals,
      String madeAt,
      String lapsesAt,
      @Nullable String grantStartsAt,
      @Nullable String grantEndsAt,
      @Nullable Ending ended,
      @Nullable String extendsRequest,
      @Nullable AfterEnd afterEnd,
      @Nullable String credentialsLiveUntil,
      @Nullable Cut sessionsCut) {}

  /**
   * How far it has got that live sessions of a grant that was ended early are denied everything.
   *
   * @param state asked: the cloud is being told; stuck: it could not be told so far; applied: it
   *     has taken note; over: all of them are dead
   * @param effectiveAfter when it should have reached everywhere
   * @param sessionsUntil when the last of them dies by itself, at the latest
   */
  public record Cut(
      String state,
      String askedAt,
      @Nullable String appliedAt,
      @Nullable String effectiveAfter,
      String sessionsUntil) {}

  /** Some requests, newest first. */
  public record Requests(List<Request> requests, @Nullable String cursor) {}

  /**
   * The answer where people must decide first.
   *
   * @param pollToken what to come back with, as a bearer token to the same address; a secret
   */
  public record Pending(
      String code,
      String requestId,
      String requestUrl,
      @Nullable String pollToken,
      int interval,
      String detail,
      String next) {
    @Override
    public String toString() {
      return "Pending[" + requestId + "]";
    }
  }

  /** A link that signs a browser in. A secret. */
  public record ConsoleLink(String url, String expiresAt) {
    @Override
    public String toString() {
      return "ConsoleLink[secret]";
    }
  }

  /** A ledger entry; {@code canonical} is what its digest is over. */
  public record LedgerEntry(
      long number,
      String at,
      String kind,
      @Nullable String request,
      @Nullable String issuance,
      @Nullable String role,
      @Nullable String issuer,
      @Nullable String subject,
      String canonical,
      String sha256) {}

  /** The bytes of an entry, as far as pages read them. */
  record Canonical(@Nullable Map<String, Object> detail) {}

  /** Some entries, oldest first. */
  public record LedgerPage(List<LedgerEntry> entries, @Nullable String cursor) {}

  /**
   * That the ledger began with just these {@code size} entries, the last of which has the number
   * {@code through} or a smaller one; {@code root} is that of the Merkle tree over their bytes, and
   * {@code signed} says the same, as a compact JWS over the checkpoint's text.
   */
  public record Checkpoint(long size, long through, String root, String at, String signed) {}

  /** Whether issuing is stopped on all replicas, and whether this call changed it. */
  public record Stopped(boolean stopped, boolean changed) {}

  /** Whether somebody is suspended from approving, and whether this call changed it. */
  public record Suspension(String issuer, String subject, boolean suspended, boolean changed) {}

  /** What the command line needs to sign in. */
  public record Welcome(String url, List<SignIn> issuers) {}

  /** An issuer that people can sign in with from a command line. */
  public record SignIn(String name, String issuer, String clientId, String audience) {}
}

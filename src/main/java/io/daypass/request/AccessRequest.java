package io.daypass.request;

import io.daypass.identity.Caller;
import io.daypass.identity.Identity;
import io.daypass.policy.Wish;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A caller's wish for a role, and what became of it.
 *
 * @param version changes with every change of the row; an issuance names the version it relied on
 * @param requester as their token described them when they asked
 * @param startsAt when the grant is wished to start; null for as soon as it is approved
 * @param approvals in the order they were given
 * @param extendsRequest the request whose grant this one continues; null if none
 */
public record AccessRequest(
    RequestId id,
    int version,
    Identity requester,
    String role,
    Wish wish,
    @Nullable Instant startsAt,
    Basis basis,
    State state,
    Times times,
    @Nullable Ending ending,
    List<Approval> approvals,
    @Nullable RequestId extendsRequest) {

  public AccessRequest {
    approvals = List.copyOf(approvals);
  }

  /**
   * What the request was judged by when it was made.
   *
   * @param lines the approval lines as the rule spells them; none for an automatic rule
   * @param roleDigest SHA-256 of the role's definition then
   * @param digest SHA-256 over all that an approval approves
   */
  public record Basis(
      String rule, List<Line> lines, String policyDigest, String roleDigest, String digest) {
    public Basis {
      lines = List.copyOf(lines);
    }

    /** An approval line as it stands in the file. */
    public record Line(String from, int count) {}
  }

  /** The states that are stored; what time alone changes is computed when read. */
  public enum State {
    PENDING,
    APPROVED,
    DENIED,
    CANCELLED,
    RETURNED,
    REVOKED
  }

  /** What a reader is told. */
  public enum Status {
    PENDING,
    LAPSED,
    APPROVED,
    ENDED,
    DENIED,
    CANCELLED,
    RETURNED,
    REVOKED
  }

  /**
   * The instants that bound it, all of them the database's.
   *
   * @param lapsesAt when a pending request is no longer decided
   * @param grantStarts null until approved
   * @param grantEnds null until approved; exclusive
   */
  public record Times(
      Instant madeAt,
      Instant lapsesAt,
      @Nullable Instant grantStarts,
      @Nullable Instant grantEnds) {}

  /** Who ended it, when and why. */
  public record Ending(Instant at, String by, @Nullable String reason) {}

  /**
   * Whether it is {@code caller}'s own. Runs of one subject are one caller; by a poll token, only
   * the request it was handed out for is theirs.
   */
  public boolean isOf(Caller caller) {
    var carried = caller.token().carriesOn();
    return requester.id().equals(caller.id()) && (carried == null || carried.equals(id.value()));
  }

  /** What the request is at {@code now}. */
  public Status statusAt(Instant now) {
    return switch (state) {
      case PENDING -> now.isBefore(times.lapsesAt()) ? Status.PENDING : Status.LAPSED;
      case APPROVED -> hasEnded(now) ? Status.ENDED : Status.APPROVED;
      case DENIED -> Status.DENIED;
      case CANCELLED -> Status.CANCELLED;
      case RETURNED -> Status.RETURNED;
      case REVOKED -> Status.REVOKED;
    };
  }

  private boolean hasEnded(Instant now) {
    var ends = times.grantEnds();
    return ends == null || !now.isBefore(ends);
  }

  /** The grant it amounts to at {@code now}: approved, started, not over. */
  public Optional<Grant> grantAt(Instant now) {
    var starts = times.grantStarts();
    var ends = times.grantEnds();
    if (state != State.APPROVED || starts == null || ends == null) {
      return Optional.empty();
    }
    return now.isBefore(starts) || !now.isBefore(ends)
        ? Optional.empty()
        : Optional.of(new Grant(this, starts, ends));
  }

  /** The duration that was agreed to: the shortest that the requester and the approvers named. */
  public Duration agreedDuration() {
    var agreed = wish.duration();
    for (var approval : approvals) {
      var shorter = approval.shortenedTo();
      if (shorter != null && shorter.compareTo(agreed) < 0) {
        agreed = shorter;
      }
    }
    return agreed;
  }
}

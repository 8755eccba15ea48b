package io.daypass.notice;

import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** What there is to tell of. Codes are stable: they stand in settings and in what is sent. */
public enum NoticeKind {
  /** A request waits for people to decide. */
  WAITING("Approval needed"),
  /** People approved a request; what a rule approves at once is not told. */
  APPROVED("Approved"),
  DENIED("Denied"),
  CANCELLED("Cancelled"),
  /** Nobody decided in time. */
  LAPSED("Lapsed undecided"),
  /** The requester gave a grant back before its end. */
  RETURNED("Given back"),
  REVOKED("Revoked"),
  /** An issuance never came to its end: its replica died, or could not write. */
  ORPHANED("An issuance was never finished"),
  /** What was made in a cloud for a grant that is over cannot be removed. */
  CLEANUP_STUCK("Access in a cloud cannot be removed"),
  STOPPED("All issuing is stopped"),
  RESUMED("Issuing is resumed");

  private final String phrase;

  NoticeKind(String phrase) {
    this.phrase = phrase;
  }

  /** For people, without a full stop. */
  public String phrase() {
    return phrase;
  }

  /** Stable snake_case. */
  public String code() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The kind with this code; empty if there is none. */
  public static Optional<NoticeKind> of(String code) {
    return Stream.of(values()).filter(kind -> kind.code().equals(code)).findFirst();
  }
}

package io.daypass.cloud;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The cloud refused, failed or lied; {@link #reason} is safe to store, the cause is for the log.
 */
public final class MintException extends Exception {

  private static final long serialVersionUID = 1L;

  private final Reason reason;
  private final transient @Nullable Said said;
  private final boolean afterCredential;

  public MintException(Reason reason) {
    this(reason, null, null, false);
  }

  public MintException(Reason reason, Throwable cause) {
    this(reason, cause, null, false);
  }

  public MintException(Reason reason, Said said) {
    this(reason, null, said, false);
  }

  private MintException(
      Reason reason, @Nullable Throwable cause, @Nullable Said said, boolean afterCredential) {
    super(reason.code(), cause);
    this.reason = reason;
    this.said = said;
    this.afterCredential = afterCredential;
  }

  /** The same, where the cloud had given a credential by then: there is one, whatever failed. */
  public MintException afterCredential() {
    return afterCredential ? this : new MintException(reason, this, said, true);
  }

  /** Whether the cloud may have made a credential all the same. */
  public boolean mayExist() {
    return afterCredential || reason.mayExist();
  }

  /**
   * What the cloud said, for the operator who has to mend it there and for nobody else.
   *
   * @param code the cloud's own; empty if it gave none
   * @param text without tokens and control characters
   */
  public record Said(String code, String text) {}

  /** Null if the cloud said nothing. */
  public @Nullable Said said() {
    return said;
  }

  public Reason reason() {
    return reason;
  }

  /** Why nothing was minted, or nothing that may be handed out. Codes are stable. */
  public enum Reason {
    /** The cloud said no: the trust, the role or its limits need mending there. */
    CLOUD_REFUSED(false),
    /** The cloud asks for patience. */
    CLOUD_THROTTLED(false),
    /** The cloud could not be reached, so it was not asked. */
    CLOUD_UNREACHABLE(false),
    /**
     * Nothing more is sent to this cloud for a moment: it keeps failing, or too much is waiting.
     */
    CLOUD_BUSY(false),
    /** There is no key to sign the assertion with, so the cloud was not asked. */
    KEYS_UNAVAILABLE(false),
    /** The cloud failed, or did not answer in time: it may have made a credential. */
    CLOUD_FAILED(true),
    /** What came back is not what was asked for; it was dropped. */
    CLOUD_ANSWER_WRONG(true),
    /** The composed session policy, with its tags, is larger than the cloud takes. */
    SESSION_POLICY_TOO_LARGE(false),
    /** Less of the grant is left than the cloud can give. */
    GRANT_TOO_SHORT(false),
    /** The grant ended, or was ended, while its access was being made. */
    GRANT_OVER(false),
    /**
     * The role's cloud identity serves another grant, or tokens of it that were handed out to
     * others may still be believed.
     */
    ACCESS_TAKEN(false),
    /** The cloud has not put the access in place yet: try again in a moment. */
    ACCESS_NOT_READY(false);

    private final boolean mayExist;

    Reason(boolean mayExist) {
      this.mayExist = mayExist;
    }

    /** Whether the call that failed may have had its effect all the same. */
    public boolean mayExist() {
      return mayExist;
    }

    public String code() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}

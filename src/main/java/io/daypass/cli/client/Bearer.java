package io.daypass.cli.client;

/**
 * What the caller proves themselves with.
 *
 * @param scope a file name that no other caller of this machine has: what is cached for this one
 *     stands under it, and nobody else is served from there
 */
public record Bearer(String token, String scope, Origin origin) {

  /** Where the token comes from, which says how to get a new one. */
  public enum Origin {
    SIGN_IN("daypass login"),
    /** Of a sign-in that is not kept yet. */
    NEW("ask whoever runs the broker whether it believes this issuer"),
    VARIABLE("unset DAYPASS_TOKEN, or set it to a new token"),
    FILE("unset DAYPASS_TOKEN_FILE, or put a new token into that file");

    private final String remedy;

    Origin(String remedy) {
      this.remedy = remedy;
    }

    public String remedy() {
      return remedy;
    }
  }

  @Override
  public String toString() {
    return "Bearer[" + origin + "]";
  }
}

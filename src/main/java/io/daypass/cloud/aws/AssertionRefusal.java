package io.daypass.cloud.aws;

/**
 * Why STS takes no assertion: it has one code for all of it, {@code InvalidIdentityToken}, and only
 * the words tell. They stand in no reference, so what is none of them is anything.
 */
enum AssertionRefusal {
  /** AWS could not read the issuer's keys, now; or the one that signed is not among them. */
  KEYS_UNREAD("retrieve verification key from your identity provider", false),
  NO_PROVIDER("No OpenIDConnect provider found in your account", true),
  NO_CLIENT_ID("Incorrect token audience", true),
  CERTIFICATE("HTTPS certificate doesn't match configured thumbprint", false),
  OTHER("", false);

  private final String words;
  private final boolean lasting;

  AssertionRefusal(String words, boolean lasting) {
    this.words = words;
    this.lasting = lasting;
  }

  static AssertionRefusal of(String message) {
    for (var known : values()) {
      if (message.contains(known.words)) {
        return known;
      }
    }
    return OTHER;
  }

  /** Whether somebody has to change something in the account before it can be another answer. */
  boolean isLasting() {
    return lasting;
  }
}

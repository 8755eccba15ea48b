package io.daypass.policy;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The {@code aud} of assertions for AWS. Each account has its own: an assertion for one is worth
 * nothing in another.
 *
 * @param template the audience, with {@code {account}} in it once
 */
public record AwsAudience(String template) {

  private static final String ACCOUNT = "{account}";

  // IAM: a client id of an OIDC provider has at most 255 characters.
  private static final int LONGEST = 200;
  private static final Pattern AROUND = Pattern.compile("[A-Za-z0-9._:/-]+");

  /** What it is where nothing else was chosen. */
  public static final AwsAudience STANDARD = new AwsAudience("daypass-aws-" + ACCOUNT);

  /**
   * As written down.
   *
   * @throws IllegalArgumentException if it is not an audience that names its account once
   */
  public AwsAudience {
    if (!isOne(template)) {
      throw new IllegalArgumentException("the audience names its account once: " + ACCOUNT);
    }
  }

  /** The same; empty if it is none. */
  public static Optional<AwsAudience> parse(String template) {
    return isOne(template) ? Optional.of(new AwsAudience(template)) : Optional.empty();
  }

  private static boolean isOne(String template) {
    var around = template.replace(ACCOUNT, "");
    return template.length() <= LONGEST
        && around.length() == template.length() - ACCOUNT.length()
        && AROUND.matcher(around).matches();
  }

  /** The audience in {@code account}. */
  public String in(String account) {
    return template.replace(ACCOUNT, account);
  }

  /** Whether a token for {@code audience} would be an assertion for some account. */
  public boolean isOf(String audience) {
    var at = template.indexOf(ACCOUNT);
    return Pattern.matches(
        Pattern.quote(template.substring(0, at))
            + "[0-9]{12}"
            + Pattern.quote(template.substring(at + ACCOUNT.length())),
        audience);
  }
}

package io.daypass.policy.yaml;

import java.util.regex.Pattern;

/**
 * What the settings say that policies must agree with.
 *
 * @param humans the issuers of people
 * @param awsAudience the audience of assertions for AWS, with {@code {account}} in it once
 */
public record Installation(HumanIssuers humans, String awsAudience) {

  private static final String ACCOUNT = "{account}";
  private static final String STANDARD = "daypass-aws-" + ACCOUNT;

  /** There are no settings to look at: what {@code humans} says, and what is usual. */
  public static Installation usual(HumanIssuers humans) {
    return new Installation(humans, STANDARD);
  }

  /** Whether a token for {@code audience} would be an assertion for some account of AWS. */
  boolean isForAws(String audience) {
    var at = awsAudience.indexOf(ACCOUNT);
    var before = awsAudience.substring(0, at);
    var after = awsAudience.substring(at + ACCOUNT.length());
    return Pattern.matches(Pattern.quote(before) + "[0-9]{12}" + Pattern.quote(after), audience);
  }
}

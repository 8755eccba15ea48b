package io.daypass.sandbox.aws;

import java.time.Duration;

/**
 * A role the stand-in was told of, with its trust policy: a federated principal, and an audience
 * and a subject that must be exactly these.
 *
 * @param longest {@code MaxSessionDuration}, 1 to 12 hours
 * @param trustsTags the trust policy allows {@code sts:TagSession}
 * @param trustsSourceIdentity the trust policy allows {@code sts:SetSourceIdentity}
 * @param editsRoles its own permissions let it change the inline policies of other roles
 */
public record StandInRole(
    String account,
    String name,
    Duration longest,
    String audience,
    String subject,
    boolean trustsTags,
    boolean trustsSourceIdentity,
    boolean editsRoles) {

  public StandInRole {
    if (longest.compareTo(Duration.ofHours(1)) < 0 || longest.compareTo(Duration.ofHours(12)) > 0) {
      throw new IllegalArgumentException("MaxSessionDuration is 1 to 12 hours");
    }
  }

  /** A role of the sandbox's Terraform: trusts its own subject at the account's audience. */
  public static StandInRole of(String account, String name, Duration longest, String subject) {
    return new StandInRole(
        account, name, longest, "daypass-aws-" + account, subject, true, true, false);
  }

  /**
   * A role with the trust policy {@code json}; one that is laxer than an exact audience and subject
   * of one provider is refused.
   *
   * @param issuer whose provider the account has, without its scheme
   */
  public static StandInRole trusting(
      String account, String name, Duration longest, String json, String issuer) {
    return TrustPolicy.role(account, name, longest, json, issuer);
  }

  public StandInRole withoutTagSession() {
    return new StandInRole(
        account, name, longest, audience, subject, false, trustsSourceIdentity, editsRoles);
  }

  public StandInRole withoutSetSourceIdentity() {
    return new StandInRole(
        account, name, longest, audience, subject, trustsTags, false, editsRoles);
  }

  public StandInRole editingRoles() {
    return new StandInRole(
        account, name, longest, audience, subject, trustsTags, trustsSourceIdentity, true);
  }

  public String arn() {
    return "arn:aws:iam::" + account + ":role/" + name;
  }
}

package io.daypass.cloud.aws;

import io.daypass.cloud.Attempts;
import io.daypass.cloud.Attempts.Attempt;
import io.daypass.cloud.Checkup;
import io.daypass.cloud.Finding;
import io.daypass.cloud.MintException;
import io.daypass.cloud.MintException.Reason;
import io.daypass.cloud.PlainCheckup;
import io.daypass.cloud.wire.CloudTime;
import io.daypass.policy.Durations;
import io.daypass.policy.Role;
import io.daypass.policy.RoleArn;
import io.daypass.policy.Target;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Tries a role of AWS as a caller would, for as long a session as its callers may ask for. Where
 * STS refuses, it tries again with less, to tell what it is that is not allowed: STS itself says no
 * more than AccessDenied.
 */
public final class AwsCheckup implements Checkup {

  // STS reference, DurationSeconds.
  private static final Duration FLOOR = Duration.ofMinutes(15);
  private static final Duration CEILING = Duration.ofHours(12);

  private final AwsCloud aws;
  private final AwsCutter cutter;
  private final String issuer;
  private final InstantSource clock;
  private final Supplier<UUID> ids;

  /**
   * @param issuer this deployment, as AWS knows it
   * @param clock the clock by which assertions are dated
   * @param ids what assertions are known by that no issuance is made with
   */
  public AwsCheckup(
      AwsCloud aws, AwsCutter cutter, String issuer, InstantSource clock, Supplier<UUID> ids) {
    this.aws = aws;
    this.cutter = cutter;
    this.issuer = issuer;
    this.clock = clock;
    this.ids = ids;
  }

  @Override
  public boolean serves(Target target) {
    return aws.serves(target);
  }

  @Override
  public List<Finding> of(Role role, Attempts attempts) {
    if (!(role.target() instanceof Target.Aws target)) {
      throw new IllegalArgumentException("not a role in AWS");
    }
    var findings = new ArrayList<Finding>();
    clock(target.roleArn(), findings);
    new Ladder(role, target, attempts, findings).climb();
    if (cutter.isSet()) {
      findings.add(cutting(target.roleArn()));
    }
    return findings;
  }

  private void clock(RoleArn arn, List<Finding> findings) {
    aws.clockAhead(arn, clock)
        .flatMap(ahead -> CloudTime.tooFar("AWS", ahead))
        .ifPresent(findings::add);
  }

  private Finding cutting(RoleArn arn) {
    try {
      cutter.tryOn(arn, ids.get());
      return Finding.good("cuts_sessions", cutter.tried(arn));
    } catch (MintException e) {
      var said = e.said();
      return Finding.wrong(
          "cannot_cut_sessions",
          "live sessions would outlive a revocation: " + e.reason().code(),
          said == null || said.text().isEmpty() ? null : said.text(),
          cutter.wanted(arn, host(issuer)));
    }
  }

  private static String host(String issuer) {
    return issuer.substring(issuer.indexOf("://") + 3);
  }

  /** The longest session that a caller of the role may ask for. */
  private static Duration longest(Role role) {
    var lifetime = role.credentialLifetime();
    var grant = role.maxDuration();
    var wanted = lifetime.compareTo(grant) < 0 ? lifetime : grant;
    if (wanted.compareTo(FLOOR) < 0) {
      return FLOOR;
    }
    return wanted.compareTo(CEILING) < 0 ? wanted : CEILING;
  }

  /** From everything downwards, until AWS takes it. */
  private final class Ladder {

    private final Role role;
    private final Target.Aws target;
    private final Attempts attempts;
    private final List<Finding> findings;
    private final Duration longest;

    Ladder(Role role, Target.Aws target, Attempts attempts, List<Finding> findings) {
      this.role = role;
      this.target = target;
      this.attempts = attempts;
      this.findings = findings;
      this.longest = longest(role);
    }

    private Attempt attempt(Trial trial) {
      return attempts.make(trial.duration(), grant -> aws.trial(grant, target, trial));
    }

    private boolean gives(Trial trial) {
      return attempt(trial) instanceof Attempt.Minted;
    }

    void climb() {
      var whole = Trial.whole(longest);
      var console = new ConsoleTrial(aws, target);
      switch (attempts.make(longest, grant -> console.with(aws.trial(grant, target, whole)))) {
        case Attempt.Minted _ -> {
          findings.add(
              Finding.good(
                  "mints",
                  "sessions of "
                      + Durations.show(longest)
                      + ", with tags and source identity, in "
                      + target.roleArn()));
          console.found().ifPresent(findings::add);
        }
        case Attempt.Failed failed -> findings.add(refused(failed));
      }
    }

    private Finding refused(Attempt.Failed failed) {
      if (failed.reason() == Reason.CLOUD_REFUSED) {
        return switch (failed.code()) {
          case "AccessDenied" -> denied(failed);
          case "ValidationError" -> invalid(failed);
          case "InvalidIdentityToken" -> assertion(failed);
          case "ExpiredTokenException" ->
              wrong(failed, "clock_differs", "AWS takes a fresh assertion for expired", clocks());
          default -> PlainCheckup.of(failed, "look for that code in the STS API reference");
        };
      }
      return failed.code().equals("IDPCommunicationError")
          ? unreachable(failed)
          : PlainCheckup.of(failed, "");
    }

    private Finding unreachable(Attempt.Failed failed) {
      return wrong(
          failed,
          "issuer_unreachable",
          "AWS cannot read the keys of " + issuer,
          "let AWS reach %s/.well-known/openid-configuration and what it names as jwks_uri over"
                  .formatted(issuer)
              + " https: look at public-url, the firewall, and the certificate, which is a public"
              + " authority's and comes with its whole chain");
    }

    private Finding denied(Attempt.Failed failed) {
      // Shortest, so that nothing but the permissions is tried.
      if (gives(new Trial(false, true, FLOOR))) {
        return missing(failed, "tags_not_allowed", "session tags", "sts:TagSession");
      }
      if (gives(new Trial(true, false, FLOOR))) {
        return missing(
            failed, "source_identity_not_allowed", "a source identity", "sts:SetSourceIdentity");
      }
      if (gives(new Trial(false, false, FLOOR))) {
        return missing(
            failed,
            "tags_and_source_identity_not_allowed",
            "session tags, nor with a source identity",
            "sts:TagSession and sts:SetSourceIdentity");
      }
      return wrong(
          failed,
          "not_trusted",
          "there is no such role, or it does not trust this audience and subject",
          "let the trust policy of %s allow sts:AssumeRoleWithWebIdentity where %s:aud is \"%s\" and"
                  .formatted(target.roleArn(), host(), aws.audienceFor(target.roleArn()))
              + " %s:sub is \"role:%s\"".formatted(host(), role.name()));
    }

    private Finding missing(Attempt.Failed failed, String code, String what, String action) {
      return wrong(
          failed,
          code,
          "AWS does not take the assertion with " + what,
          "allow " + action + " in the trust policy of " + target.roleArn());
    }

    private Finding invalid(Attempt.Failed failed) {
      return longest.compareTo(FLOOR) > 0 && gives(Trial.whole(FLOOR))
          ? wrong(
              failed,
              "session_too_long",
              "AWS gives the role no sessions of " + Durations.show(longest),
              "raise MaxSessionDuration of %s to %d, or lower the role's credential-lifetime"
                  .formatted(target.roleArn(), longest.toSeconds()))
          : PlainCheckup.of(failed, "look at what AWS says is not valid");
    }

    private Finding assertion(Attempt.Failed failed) {
      @Nullable String words = failed.words();
      var account = target.roleArn().account();
      var audience = aws.audienceFor(target.roleArn());
      return switch (AssertionRefusal.of(words == null ? "" : words)) {
        case KEYS_UNREAD -> unreachable(failed);
        case NO_PROVIDER ->
            wrong(
                failed,
                "provider_missing",
                "account " + account + " has no OIDC provider for " + issuer,
                "make an OIDC provider for %s in account %s, with the client id %s"
                    .formatted(issuer, account, audience));
        case NO_CLIENT_ID ->
            wrong(
                failed,
                "client_id_missing",
                "the OIDC provider in account %s does not know %s".formatted(account, audience),
                "add the client id %s to the OIDC provider for %s in account %s"
                    .formatted(audience, issuer, account));
        case CERTIFICATE ->
            wrong(
                failed,
                "certificate_differs",
                "the certificate of %s is not of the authority that account %s was told"
                    .formatted(issuer, account),
                "give it one of a public authority, or the OIDC provider its authority's"
                    + " thumbprint");
        case OTHER ->
            wrong(
                failed,
                "assertion_refused",
                "AWS does not take our assertion for what it should be",
                "look at what AWS says, at whether the keys shown at %s are those that sign here,"
                        .formatted(issuer)
                    + " and at this machine's clock and the database's");
      };
    }

    private static String clocks() {
      return "set this machine's clock and the database's by NTP";
    }

    private Finding wrong(Attempt.Failed failed, String code, String what, String mend) {
      @Nullable String words = failed.words();
      return Finding.wrong(code, what, words, mend);
    }

    private String host() {
      return AwsCheckup.host(issuer);
    }
  }
}

package io.daypass.cloud.gcp;

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
import io.daypass.policy.Target;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Supplier;

/**
 * Tries a role of Google Cloud: the tokens of its accounts and, where its rights are made for each
 * grant, all that making them takes but for the writing.
 */
public final class GoogleCheckup implements Checkup {

  /** A token that nobody gets need not live long. */
  private static final Duration MOMENT = Duration.ofSeconds(60);

  // generateAccessToken gives more only where the organization allows it.
  private static final Duration HOUR = Duration.ofHours(1);

  private final GoogleCloud google;
  private final String issuer;
  private final InstantSource clock;
  private final Supplier<UUID> ids;

  /**
   * @param issuer this deployment, as Google knows it
   * @param clock the clock by which assertions are dated
   * @param ids what assertions are known by that no issuance is made with
   */
  public GoogleCheckup(GoogleCloud google, String issuer, InstantSource clock, Supplier<UUID> ids) {
    this.google = google;
    this.issuer = issuer;
    this.clock = clock;
    this.ids = ids;
  }

  @Override
  public boolean serves(Target target) {
    return google.serves(target);
  }

  @Override
  public List<Finding> of(Role role, Attempts attempts) {
    if (!(role.target() instanceof Target.Google target)) {
      throw new IllegalArgumentException("not a role in Google Cloud");
    }
    var findings = new ArrayList<Finding>();
    google
        .clockAhead(clock)
        .flatMap(ahead -> CloudTime.tooFar("Google", ahead))
        .ifPresent(findings::add);
    new Trial(role, target, attempts, findings, !findings.isEmpty()).run();
    return findings;
  }

  /** For as long as callers may ask where the organization has to allow it; else for a moment. */
  private static Duration longest(Role role) {
    var lifetime = role.credentialLifetime();
    var grant = role.maxDuration();
    var longest = lifetime.compareTo(grant) < 0 ? lifetime : grant;
    return longest.compareTo(HOUR) > 0 ? longest : MOMENT;
  }

  /** One role. */
  private final class Trial {

    private final Role role;
    private final Target.Google target;
    private final Attempts attempts;
    private final List<Finding> findings;
    private final boolean clocksDiffer;

    Trial(
        Role role,
        Target.Google target,
        Attempts attempts,
        List<Finding> findings,
        boolean clocksDiffer) {
      this.role = role;
      this.target = target;
      this.attempts = attempts;
      this.findings = findings;
      this.clocksDiffer = clocksDiffer;
    }

    void run() {
      var before = findings.size();
      target.serviceAccounts().forEach(this::account);
      if (findings.size() == before) {
        findings.add(
            Finding.good(
                "mints",
                "tokens of at most "
                    + Durations.show(role.credentialLifetime())
                    + " of "
                    + String.join(", ", target.serviceAccounts())));
      }
      var line = target.binding();
      if (line != null) {
        binder(line);
      }
    }

    private Attempt attempt(String account, Duration life) {
      return attempts.make(life, grant -> google.trial(grant, target, account));
    }

    private void account(String account) {
      if (attempt(account, longest(role)) instanceof Attempt.Failed failed) {
        findings.add(
            failed.reason() == Reason.CLOUD_REFUSED
                ? refused(account, failed)
                : PlainCheckup.of(failed, ""));
      }
    }

    private Finding refused(String account, Attempt.Failed failed) {
      if (failed.code().equals("INVALID_ARGUMENT")
          && longest(role).compareTo(HOUR) > 0
          && attempt(account, MOMENT) instanceof Attempt.Minted) {
        return wrong(
            failed,
            "token_life_too_long",
            "Google gives " + account + " no tokens of " + Durations.show(longest(role)),
            "name the account in the constraint iam.allowServiceAccountCredentialLifetimeExtension,"
                + " or lower the role's credential-lifetime to 1h");
      }
      return refused(account, "role:" + role.name(), failed);
    }

    /** Why {@code subject} gets no token of {@code account}: the exchange says so, or IAM. */
    private Finding refused(String account, String subject, Attempt.Failed failed) {
      var provider = target.workloadIdentityProvider();
      return switch (failed.code()) {
        // RFC 6749, 5.2, and RFC 8693, 2.2.2: the exchange has codes in small letters.
        case "invalid_grant",
            "invalid_target",
            "invalid_request",
            "invalid_client",
            "unauthorized_client",
            "access_denied" ->
            unexchanged(subject, failed);
        case "PERMISSION_DENIED", "NOT_FOUND" ->
            wrong(
                failed,
                "impersonation_refused",
                "there is no " + account + ", or " + subject + " may not impersonate it",
                "give principal:%s/subject/%s roles/iam.workloadIdentityUser on %s"
                    .formatted(
                        provider.substring(0, provider.indexOf("/providers/")), subject, account));
        default -> PlainCheckup.of(failed, "look at what Google says of " + account);
      };
    }

    private Finding unexchanged(String subject, Attempt.Failed failed) {
      var provider = target.workloadIdentityProvider();
      if (GoogleFailures.saysIssuerAway(failed.code(), failed.words())) {
        return wrong(
            failed,
            "issuer_unreachable",
            "Google cannot read the keys of " + issuer,
            "let Google reach %s/.well-known/openid-configuration and what it names as jwks_uri"
                    .formatted(issuer)
                + " over https, with a certificate of a public authority and its whole chain, or"
                + " upload the keys to %s, anew with each rotation".formatted(provider));
      }
      return wrong(
          failed,
          "provider_refuses",
          "Google's token exchange does not take our assertions",
          clocksDiffer && failed.code().equals("invalid_grant")
              ? "set the clocks right first, and run this again"
              : "let %s take tokens of %s with google.subject from assertion.sub and no allowed"
                      .formatted(provider, issuer)
                  + " audiences, and its condition pass "
                  + subject);
    }

    private void binder(Target.Google.IamBinding line) {
      PolicyProbe.Seen seen;
      try {
        seen = google.look(target, line, ids.get());
      } catch (MintException e) {
        var failed = new Attempt.Failed(e.reason(), e.said());
        findings.add(
            e.reason() == Reason.CLOUD_REFUSED
                ? refused(line.binder(), PolicyEditor.SUBJECT, failed)
                : PlainCheckup.of(failed, ""));
        return;
      }
      if (!seen.missing().isEmpty()) {
        var missing = String.join(" and ", new TreeSet<>(seen.missing()));
        findings.add(
            Finding.wrong(
                "binder_may_not_edit",
                line.binder() + " lacks " + missing + " at " + line.resource(),
                null,
                "give it a custom role with these at %s, on the condition that it changes grants of"
                        .formatted(line.resource())
                    + " %s only".formatted(line.role())));
      } else {
        findings.add(
            Finding.good(
                "binder_edits",
                line.binder()
                    + " may edit the allow policy of "
                    + line.resource()
                    + "; nothing was written, so the condition on that was not tried"));
      }
      if (!seen.standing().isEmpty()) {
        var accounts = String.join(", ", new TreeSet<>(seen.standing()));
        findings.add(
            Finding.wrong(
                "access_standing",
                accounts + " has " + line.role() + " at " + line.resource() + " without a grant",
                null,
                "take that out of the allow policy: what it gives does not end with the approval"));
      }
    }

    private static Finding wrong(Attempt.Failed failed, String code, String what, String mend) {
      return Finding.wrong(code, what, failed.words(), mend);
    }
  }
}

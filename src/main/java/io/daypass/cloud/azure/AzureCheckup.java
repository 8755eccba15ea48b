package io.daypass.cloud.azure;

import io.daypass.cloud.Attempts;
import io.daypass.cloud.Attempts.Attempt;
import io.daypass.cloud.BindingStore;
import io.daypass.cloud.Checkup;
import io.daypass.cloud.Finding;
import io.daypass.cloud.MintException;
import io.daypass.cloud.MintException.Reason;
import io.daypass.cloud.PlainCheckup;
import io.daypass.cloud.wire.CloudTime;
import io.daypass.policy.Role;
import io.daypass.policy.Target;
import io.daypass.policy.Target.Azure.RoleAssignment;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;

/**
 * Tries a role of Azure: the tokens of its identities and, where its access is assigned for each
 * grant, all that assigning it takes but for the writing.
 */
public final class AzureCheckup implements Checkup {

  /** What is pretended to be left of a grant; how long a token lives is Entra's choice. */
  private static final Duration MOMENT = Duration.ofSeconds(60);

  private final AzureCloud azure;
  private final AzureTrials trials;
  private final ForgottenAssignments forgotten;
  private final String issuer;
  private final InstantSource clock;
  private final Supplier<UUID> ids;

  /**
   * @param store what the database knows to be made for grants
   * @param issuer this deployment, as Entra knows it
   * @param clock the clock by which assertions are dated
   * @param ids what assertions are known by that no issuance is made with
   */
  public AzureCheckup(
      AzureCloud azure,
      BindingStore store,
      String issuer,
      InstantSource clock,
      Supplier<UUID> ids) {
    this.azure = azure;
    this.trials = azure.trials();
    this.forgotten = new ForgottenAssignments(store);
    this.issuer = issuer;
    this.clock = clock;
    this.ids = ids;
  }

  @Override
  public boolean serves(Target target) {
    return azure.serves(target);
  }

  @Override
  public List<Finding> of(Role role, Attempts attempts) {
    if (!(role.target() instanceof Target.Azure target)) {
      throw new IllegalArgumentException("not a role in Azure");
    }
    var findings = new ArrayList<Finding>();
    trials
        .clockAhead(target.tenant(), clock)
        .flatMap(ahead -> CloudTime.tooFar("Entra", ahead))
        .ifPresent(findings::add);
    new Examination(role, target, attempts, findings).make();
    return findings;
  }

  /** Of one role. */
  private final class Examination {

    private final Role role;
    private final Target.Azure target;
    private final Attempts attempts;
    private final List<Finding> findings;

    /** Whose tokens each client id gets, as the directory knows it. */
    private final Map<String, String> principals = new HashMap<>();

    /** And how long they live. */
    private final Map<String, Duration> lives = new HashMap<>();

    Examination(Role role, Target.Azure target, Attempts attempts, List<Finding> findings) {
      this.role = role;
      this.target = target;
      this.attempts = attempts;
      this.findings = findings;
    }

    void make() {
      if (trials.binder().isIn(target)) {
        findings.add(
            Finding.wrong(
                "binder_handed_out",
                "the role names clouds.azure.binder, and whoever had its tokens could assign roles",
                null,
                "give the role an application of its own"));
        return;
      }
      var before = findings.size();
      target.clientIds().forEach(this::identity);
      if (findings.size() == before) {
        findings.add(
            Finding.good(
                "mints",
                "tokens for %s of %s, which live for as long as Entra chooses"
                    .formatted(target.scope(), String.join(", ", target.clientIds()))));
      }
      var assignment = target.assignment();
      if (assignment != null) {
        binder(assignment);
      }
    }

    private void identity(String client) {
      var attempt =
          attempts.make(
              MOMENT,
              grant -> {
                var trial = trials.token(grant, target, client);
                trial.principal().ifPresent(id -> principals.put(client, id));
                lives.put(client, Duration.between(grant.recordedAt(), trial.token().livesUntil()));
                return trial.token();
              });
      if (attempt instanceof Attempt.Failed failed) {
        findings.add(refused(client, "role:" + role.name(), failed));
      } else if (target.assignment() == null && livesTooLong(client)) {
        findings.add(
            Finding.wrong(
                "token_lives_too_long",
                "the tokens of %s live %d minutes, more than a role may accept to outlive it"
                    .formatted(client, lives.getOrDefault(client, Duration.ZERO).toMinutes()),
                null,
                "name an application (a managed identity's live a day) and no token lifetime policy"
                    + " of more than two hours, or give the role a role-assignment"));
      } else if (target.assignment() != null && !principals.containsKey(client)) {
        findings.add(
            Finding.wrong(
                "principal_unknown",
                "the tokens of " + client + " do not say whose they are, so nothing is assigned",
                null,
                "give the application a service principal in " + target.tenant()));
      }
    }

    private boolean livesTooLong(String client) {
      return lives.getOrDefault(client, Duration.ZERO).compareTo(AzureCloud.ACCEPTED) > 0;
    }

    /** Why {@code client} gets no token: Entra says so by its own codes. */
    private Finding refused(String client, String subject, Attempt.Failed failed) {
      if (failed.reason() != Reason.CLOUD_REFUSED) {
        return PlainCheckup.of(failed, "");
      }
      // Entra, "Microsoft Entra authentication and authorization error codes".
      return switch (failed.code()) {
        case "AADSTS700016", "AADSTS7000229", "AADSTS7000112" ->
            wrong(
                failed,
                "identity_missing",
                "there is no application " + client + " that could sign in to " + target.tenant(),
                "make it, with a service principal that is enabled, or mend the client id");
        case "AADSTS70021", "AADSTS70025", "AADSTS700213", "AADSTS7002137" ->
            untrusted(client, subject, failed, "has no federated credential for this assertion");
        case "AADSTS700211" ->
            untrusted(client, subject, failed, "has no federated credential with this issuer");
        case "AADSTS700212" ->
            untrusted(client, subject, failed, "has no federated credential with this audience");
        case "AADSTS7002138" ->
            untrusted(
                client,
                subject,
                failed,
                "has a federated credential whose subject differs in case from the assertion's");
        case "AADSTS90002", "AADSTS900023" ->
            wrong(
                failed,
                "tenant_missing",
                "there is no tenant " + target.tenant(),
                "mend the role's tenant");
        case "AADSTS700024" ->
            wrong(
                failed,
                "clock_differs",
                "Entra takes a fresh assertion for expired or not yet valid",
                "set this machine's clock and the database's by NTP");
        case "AADSTS500011", "AADSTS1002012", "AADSTS70011" ->
            wrong(
                failed,
                "resource_unknown",
                "the tenant knows no resource " + target.scope(),
                "mend the role's scope");
        default -> PlainCheckup.of(failed, "look for that code in Entra's error reference");
      };
    }

    private Finding untrusted(String client, String subject, Attempt.Failed failed, String why) {
      return wrong(
          failed,
          "subject_not_trusted",
          client + " " + why,
          "give %s one with the issuer %s, the subject %s and the audience %s, to the letter"
              .formatted(client, issuer, subject, trials.config().assertionAudience()));
    }

    private void binder(RoleAssignment assignment) {
      if (!trials.hasBinder()) {
        findings.add(
            Finding.wrong(
                "binder_missing",
                "the settings name nobody who could assign a role, so nobody gets a credential",
                null,
                "name the application that may in clouds.azure.binder"));
        return;
      }
      var look =
          new ScopeProbe.Look(
              target.tenant(),
              assignment.scope(),
              assignment.role(),
              Set.copyOf(principals.values()));
      try {
        var found = new ScopeFindings(assignment, forgotten, principals);
        findings.addAll(found.of(trials.look(look, ids.get())));
      } catch (MintException e) {
        var failed = new Attempt.Failed(e.reason(), e.said());
        findings.add(
            e.reason() == Reason.CLOUD_REFUSED && !failed.code().startsWith("AADSTS")
                ? ScopeFindings.refused(assignment, failed)
                : refused("the binder", "daypass:binder", failed));
      }
    }

    private static Finding wrong(Attempt.Failed failed, String code, String what, String mend) {
      return Finding.wrong(code, what, failed.words(), mend);
    }
  }
}

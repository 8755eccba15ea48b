package io.daypass.web.api;

import io.daypass.cloud.CutStore;
import io.daypass.cloud.CutStore.Standing;
import io.daypass.policy.Target;
import io.daypass.request.RequestId;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of credentials when their grant ends, and how far it has got.
 *
 * @param cuts which live sessions are cut; null where nobody may cut any
 */
public record Aftermath(@Nullable CutStore cuts) {

  /**
   * AWS promises no time for a policy to reach all its regions (IAM user guide, "Changes that I
   * make are not always immediately visible"). This is what is reckoned with.
   */
  private static final Duration SPREAD = Duration.ofMinutes(2);

  /** What is left of a credential after its grant, by what its cloud can do about it. */
  public Wire.AfterEnd of(Target target) {
    return switch (target) {
      case Target.Aws _ ->
          new Wire.AfterEnd(
              "session_policy",
              "every session is denied everything from the end of its grant on; "
                  + (cuts == null
                      ? "after an early end it lives on until its own expiry"
                      : "when it is ended early, once AWS has taken note, within minutes as a rule"));
      case Target.Google _ ->
          new Wire.AfterEnd(
              "token_expiry",
              "no token lives longer than its grant; after an early end the last one lives on until"
                  + " its own expiry, an hour at most unless the role says more");
      case Target.Azure azure when azure.assignment() != null ->
          new Wire.AfterEnd(
              "role_assignment",
              "the role assignment made for the grant is removed at its end, and at once when it is"
                  + " ended early; the token itself lives 60 to 90 minutes by Entra's choice and can"
                  + " do nothing more by that assignment");
      case Target.Azure _ ->
          new Wire.AfterEnd(
              "outlives_approval",
              "the role accepts that a token outlives its approval: it lives 60 to 90 minutes by"
                  + " Entra's choice, two hours at most, and nobody can end it; each answer says until"
                  + " when");
      case Target.Oidc _ ->
          new Wire.AfterEnd(
              "token_expiry",
              "no token lives longer than its grant; after an early end the last one lives on for"
                  + " ten minutes at most");
    };
  }

  /** How far cutting the live sessions of a request has got; null if there is nothing to cut. */
  public Wire.@Nullable Cut cut(RequestId request, Instant now) {
    var standing = cuts == null ? List.<Standing>of() : cuts.of(request);
    if (standing.isEmpty()) {
      return null;
    }
    var until = latest(standing.stream().map(Standing::until).toList());
    var open =
        standing.stream()
            .filter(cut -> (cut.appliedAt() == null || cut.stuck()) && now.isBefore(cut.until()))
            .toList();
    var applied = standing.stream().map(Standing::appliedAt).filter(Objects::nonNull).toList();
    var asked = standing.getFirst().askedAt().toString();
    if (!now.isBefore(until)) {
      return new Wire.Cut("over", asked, null, null, until.toString());
    }
    if (!open.isEmpty() || applied.isEmpty()) {
      var stuck = open.stream().anyMatch(Standing::stuck);
      return new Wire.Cut(stuck ? "stuck" : "asked", asked, null, null, until.toString());
    }
    var at = latest(applied);
    var spread = at.plus(SPREAD);
    var effective = spread.isBefore(until) ? spread : until;
    return new Wire.Cut("applied", asked, at.toString(), effective.toString(), until.toString());
  }

  private static Instant latest(List<Instant> instants) {
    return instants.stream().max(Comparator.naturalOrder()).orElseThrow();
  }
}

package io.daypass.cloud.gcp;

import com.google.api.client.json.GenericJson;
import com.google.auth.oauth2.AccessToken;
import io.daypass.cloud.MintException.Reason;
import io.daypass.cloud.wire.Deadline;
import io.daypass.cloud.wire.Effort;
import io.daypass.cloud.wire.Failure;
import io.daypass.cloud.wire.Gates;
import io.daypass.issuer.Assertion;
import io.daypass.issuer.Assertions;
import io.daypass.issuer.Assertions.Algorithm;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Edits allow policies: reads one with its etag, changes one line, and writes it back if nobody was
 * first; if somebody was, all of it again (Resource Manager reference, "Policy": etag). A policy is
 * never written without the etag it was read with, for that would undo what others did.
 *
 * <p>The editing is done as the binder that the role names, by tokens made for one edit.
 */
final class PolicyEditor {

  /** Whom the binder trusts: no role has this subject, so no role's holder becomes the binder. */
  static final String SUBJECT = "daypass:binder";

  static final String HOST = "google.policies";
  private static final Duration TOKEN_LIFE = Duration.ofMinutes(5);
  static final List<String> SCOPES = List.of("https://www.googleapis.com/auth/cloud-platform");
  // Conditions are shown, and kept, by this version only.
  static final int VERSION = 3;

  private final GoogleSteps steps;
  private final Assertions assertions;
  private final Gates gates;
  private final Effort effort;
  private final InstantSource clock;

  PolicyEditor(
      GoogleSteps steps, Assertions assertions, Gates gates, Effort effort, InstantSource clock) {
    this.steps = steps;
    this.assertions = assertions;
    this.gates = gates;
    this.effort = effort;
    this.clock = clock;
  }

  /**
   * What is done to a policy.
   *
   * @param done what must be true of the policy then
   */
  private record Change(Editing editing, Predicate<GenericJson> done) {}

  /** Says whether it changed the policy. */
  @FunctionalInterface
  private interface Editing {
    boolean edit(GenericJson policy) throws Failure;
  }

  /** A place among those who edit the policy of {@code resource}. */
  Optional<Gates.Place> place(String resource) {
    return gates.place(HOST, resource);
  }

  /** The line is in the policy, and holds until {@code end}. */
  void add(PolicyLine line, Instant end, Gates.Place place) throws Failure {
    place.pass(edit(line, new Change(policy -> line.addTo(policy, end), line::isIn)));
  }

  /** The line, which was made before, holds until {@code end} at least. */
  void prolong(PolicyLine line, Instant end, Gates.Place place) throws Failure {
    place.pass(edit(line, new Change(policy -> line.prolongIn(policy, end), line::isIn)));
  }

  /** The line is not in the policy. */
  void remove(PolicyLine line) throws Failure {
    gates.pass(
        HOST,
        line.resource(),
        edit(line, new Change(line::removeFrom, policy -> !line.isIn(policy))));
  }

  private Gates.Passage<Boolean> edit(PolicyLine line, Change change) {
    var edit = new Edit(line, change, assertions.sign(assertion(line), Algorithm.ES256));
    return () ->
        effort.make(deadline -> {
          edit.attempt(deadline);
          return true;
        });
  }

  private Assertion assertion(PolicyLine line) {
    var binding = line.binding();
    return Assertion.toCloud(
        SUBJECT,
        line.provider(),
        binding.id().toString(),
        clock.instant(),
        Map.of(
            "daypass",
            Map.of(
                "role", binding.role(),
                "request", binding.request().value(),
                "binding", binding.id().toString(),
                "session", "binder-" + binding.request().value())));
  }

  /** One edit; what an attempt has got stands for the next, but never the policy it read. */
  private final class Edit {

    private final PolicyLine line;
    private final Change change;
    private final String assertion;
    private @Nullable AccessToken binder;

    Edit(PolicyLine line, Change change, String assertion) {
      this.line = line;
      this.change = change;
      this.assertion = assertion;
    }

    void attempt(Deadline deadline) throws Failure {
      var by = binder;
      if (by == null) {
        var federated = steps.exchange(line.provider(), assertion, deadline);
        by = steps.impersonate(federated, line.binder(), SCOPES, TOKEN_LIFE, deadline);
        by = new AccessToken(by.getTokenValue(), null);
        binder = by;
      }
      var policy = read(by, deadline);
      if (change.editing().edit(policy) && !change.done().test(written(policy, by, deadline))) {
        throw Failure.lasting(Reason.CLOUD_ANSWER_WRONG, "another policy than was written");
      }
    }

    private GenericJson read(AccessToken by, Deadline deadline) throws Failure {
      var policy =
          steps.ask(
              GoogleCall.policy(line.resource(), "getIamPolicy"),
              Map.of("options", Map.of("requestedPolicyVersion", VERSION)),
              by,
              deadline);
      if (!(policy.get("etag") instanceof String etag) || etag.isEmpty()) {
        throw Failure.lasting(Reason.CLOUD_ANSWER_WRONG, "a policy without an etag");
      }
      return policy;
    }

    private GenericJson written(GenericJson policy, AccessToken by, Deadline deadline)
        throws Failure {
      policy.put("version", VERSION);
      try {
        return steps.ask(
            GoogleCall.policy(line.resource(), "setIamPolicy"),
            Map.of("policy", policy),
            by,
            deadline);
      } catch (Failure failure) {
        // What somebody else changed meanwhile looks as if we took it back, which the binder may
        // not: a refusal counts only while the policy is the one that was read.
        if (failure.reason() == Reason.CLOUD_REFUSED
            && !Objects.equals(policy.get("etag"), read(by, deadline).get("etag"))) {
          throw Failure.passing(Reason.CLOUD_BUSY, null, failure.detail());
        }
        throw failure;
      }
    }
  }
}

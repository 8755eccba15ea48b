package io.daypass.cloud.azure;

import com.azure.core.credential.AccessToken;
import com.azure.core.credential.TokenRequestContext;
import com.azure.core.http.HttpClient;
import com.azure.core.http.HttpPipelineBuilder;
import com.azure.core.util.Configuration;
import com.azure.identity.ClientAssertionCredentialBuilder;
import io.daypass.cloud.SessionName;
import io.daypass.cloud.SourceIdentity;
import io.daypass.cloud.wire.Deadline;
import io.daypass.cloud.wire.Effort;
import io.daypass.cloud.wire.Failure;
import io.daypass.cloud.wire.Gates;
import io.daypass.cloud.wire.Wire;
import io.daypass.issuer.Assertion;
import io.daypass.issuer.Assertions;
import io.daypass.issuer.Assertions.Algorithm;
import io.daypass.ledger.RecordedGrant;
import io.daypass.policy.Target;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * Asks Entra for tokens. Every token has a credential object of its own: the library keeps tokens
 * in those, and one that is kept would outlive its grant or cross to another.
 */
final class Entra {

  private static final String GATE = "entra";

  private final AzureConfig config;
  private final Assertions assertions;
  private final Wire wire;
  private final Gates gates;
  private final Effort effort;
  private final ExecutorService threads;
  private final ReentrantLock warming = new ReentrantLock();
  private volatile boolean warm;

  Entra(
      AzureConfig config,
      Assertions assertions,
      Wire wire,
      Gates gates,
      Effort effort,
      ExecutorService threads) {
    this.config = config;
    this.assertions = assertions;
    this.wire = wire;
    this.gates = gates;
    this.effort = effort;
    this.threads = threads;
  }

  /** What is asked for. */
  record Wanted(String tenant, String clientId, String scope, Assertion assertion) {

    /** A token of {@code client}'s for {@code grant}, by an assertion that names it. */
    static Wanted under(
        RecordedGrant grant, Target.Azure target, String client, AzureConfig config) {
      return new Wanted(
          target.tenant(),
          client,
          target.scope(),
          Assertion.toCloud(
              // One subject per role: federated credentials match it whole.
              "role:" + grant.role().name(),
              config.assertionAudience(),
              grant.issuance().toString(),
              grant.recordedAt(),
              Map.of(
                  "daypass",
                  Map.of(
                      "request", grant.request().value(),
                      "requester", SourceIdentity.of(grant.requester().id()).value(),
                      "session", SessionName.of(grant.requester(), grant.request()).value()))));
    }
  }

  /** A place among those who ask for tokens of {@code tenant}. */
  Optional<Gates.Place> place(String tenant) {
    return gates.place(GATE, tenant);
  }

  /** The token of whoever has a place. */
  ReceivedToken token(Wanted wanted, Gates.Place place) throws Failure {
    return place.pass(passage(wanted));
  }

  ReceivedToken token(Wanted wanted) throws Failure {
    return gates.pass(GATE, wanted.tenant(), passage(wanted));
  }

  private Gates.Passage<ReceivedToken> passage(Wanted wanted) {
    if (!warm) {
      warmUp(wanted);
    }
    var assertion = assertions.sign(wanted.assertion(), Algorithm.RS256);
    return () ->
        ReceivedToken.of(effort.make(deadline -> attempt(wanted, assertion, deadline)), wanted);
  }

  private AccessToken attempt(Wanted wanted, String assertion, Deadline deadline) throws Failure {
    var http = new EntraWire(wire, config.tokenEndpoint(wanted.tenant()), deadline);
    try {
      var token = ask(wanted, assertion, http);
      if (token == null) {
        throw http.failure(new IllegalStateException());
      }
      return token;
    } catch (RuntimeException e) {
      if (isInterruption(e)) {
        Thread.currentThread().interrupt();
      }
      throw http.failure(e);
    }
  }

  /** The library waits for threads of its own, and forgets that the waiting one was interrupted. */
  private static boolean isInterruption(Throwable thrown) {
    for (Throwable at = thrown; at != null; at = at.getCause()) {
      if (at instanceof InterruptedException) {
        return true;
      }
    }
    return false;
  }

  private @Nullable AccessToken ask(Wanted wanted, String assertion, HttpClient http) {
    return new ClientAssertionCredentialBuilder()
        .configuration(Configuration.NONE)
        .authorityHost(config.authority().toString())
        .disableInstanceDiscovery()
        .tenantId(wanted.tenant())
        .clientId(wanted.clientId())
        .clientAssertion(() -> assertion)
        // A pipeline without policies: no retries, no logs, no telemetry of its own.
        .pipeline(new HttpPipelineBuilder().httpClient(http).build())
        .executorService(threads)
        .build()
        .getTokenSync(new TokenRequestContext().addScopes(wanted.scope()));
  }

  /**
   * Loads the library, which takes a second or two, before the first call's time begins to run. Who
   * comes meanwhile waits for it too.
   */
  private void warmUp(Wanted wanted) {
    warming.lock();
    try {
      if (!warm) {
        ask(wanted, "none", _ -> Mono.error(new EntraWire.Unsent()));
      }
    } catch (RuntimeException e) {
      // As it must: there is nobody to answer.
    } finally {
      warm = true;
      warming.unlock();
    }
  }
}

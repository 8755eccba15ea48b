package io.daypass.cloud.azure;

import static org.assertj.core.api.Assertions.assertThat;

import io.daypass.cloud.Credential.AzureToken;
import io.daypass.cloud.LifeCases;
import io.daypass.cloud.MintException;
import io.daypass.cloud.MintException.Reason;
import io.daypass.cloud.Sweeper;
import io.daypass.cloud.Waits;
import io.daypass.cloud.wire.Limits;
import io.daypass.policy.Target;
import io.daypass.policy.Target.Azure.RoleAssignment;
import io.daypass.request.AccessRequest;
import io.daypass.sandbox.azure.AzureStandIn;
import io.daypass.sandbox.azure.StandInApp;
import io.daypass.sandbox.http.Fault;
import io.daypass.sandbox.http.Reply;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/**
 * Random grants: what a token of Entra's may do by a grant ends with it, however long Entra lets
 * the token live.
 */
class AzureLifeTest {

  private static final long SEED = 20_261_122;

  /** Nothing is late here, however slow the machine is. */
  private static final Limits PATIENT =
      Waits.of(Duration.ofMinutes(2), Duration.ofSeconds(30), Duration.ofMinutes(1));

  /** Stands still where a case puts it. */
  private static final class Time implements InstantSource {
    private volatile Instant now = Instant.now();

    @Override
    public Instant instant() {
      return now;
    }
  }

  private final Time time = new Time();
  private final SplittableRandom random = new SplittableRandom(SEED);
  private final Map<Reason, Integer> refused = new EnumMap<>(Reason.class);

  /**
   * One grant.
   *
   * @param after how long after its approval a token is asked for; that may be after its end
   */
  private record Case(int number, AccessRequest request, Duration after, boolean revoked) {
    Instant ends() {
      return Objects.requireNonNull(request.times().grantEnds());
    }

    String client() {
      return "11fe0000-0000-4000-8000-%012d".formatted(number);
    }

    Target.Azure target() {
      return new Target.Azure(
          AzureStandIn.TENANT,
          List.of(client()),
          "https://storage.azure.com/.default",
          new RoleAssignment(AzureStandIn.BLOB_READER, AzureBench.SCOPE));
    }
  }

  @Test
  void p2_no_access_outlives_its_grant() throws Exception {
    // Later than the machine's own time at any moment of the test.
    var begin = time.now.plus(Duration.ofHours(1));
    try (var bench = new AzureBench(time, PATIENT)) {
      bench
          .sandbox
          .azure()
          .entraFaults()
          .always(new Fault.Rewrite(AzureLifeTest::toldToTheMachine));
      var minted = 0;
      for (var i = 0; i < LifeCases.EACH; i++) {
        minted += holds(bench, drawn(bench, begin, i)) ? 1 : 0;
      }
      assertThat(minted).isGreaterThan(LifeCases.EACH / 3);
      assertThat(refused.keySet())
          .isSubsetOf(Reason.GRANT_TOO_SHORT, Reason.GRANT_OVER)
          .isNotEmpty();
      assertThat(bench.sandbox.azure().assignments()).isZero();
    }
  }

  /**
   * The library reckons by the machine's clock when a token ends that lives for so many seconds.
   */
  private static Reply toldToTheMachine(Reply reply) {
    var body = new JsonObject(reply.body());
    var claims = body.getString("access_token", "..").split("\\.", -1)[1];
    if (!claims.isEmpty()) {
      var ends = new JsonObject(Buffer.buffer(Base64.getUrlDecoder().decode(claims)));
      body.put("expires_in", ends.getLong("exp") - Instant.now().getEpochSecond());
    }
    return reply.withBody(body.encode());
  }

  private Case drawn(AzureBench bench, Instant begin, int number) {
    time.now = begin.plusNanos(random.nextLong(20_000_000_000L));
    var lasts =
        switch (random.nextInt(3)) {
          case 0 -> Duration.ofSeconds(random.nextLong(60, 120));
          case 1 -> Duration.ofSeconds(random.nextLong(60, 3_600));
          default -> Duration.ofSeconds(random.nextLong(60, 28_801));
        };
    var request = bench.request("alice", lasts);
    var after =
        random.nextBoolean()
            ? Duration.ofMillis(random.nextLong(lasts.toMillis()))
            : lasts.plusMillis(random.nextLong(-15_000, 3_000));
    var drawn = new Case(number, request, after, random.nextInt(4) == 0);
    var issuer = bench.issuer();
    bench
        .sandbox
        .azure()
        .add(
            StandInApp.of(drawn.client(), AzureStandIn.objectId(drawn.client()))
                .trusting(issuer, "role:azure-life"));
    return drawn;
  }

  /** Whether a token was minted; fails if it should not have been, or can do too much. */
  private boolean holds(AzureBench bench, Case drawn) {
    time.now = time.now.plus(drawn.after());
    AzureToken token;
    try {
      token = bench.mint(bench.grant(drawn.request(), "azure-life", drawn.target()));
    } catch (MintException e) {
      assertThat(time.now).as(e.reason() + " " + drawn).isAfter(drawn.ends().minusSeconds(5));
      refused.merge(e.reason(), 1, Integer::sum);
      return false;
    }
    assertThat(token.expiresAt())
        .as(drawn.toString())
        .isBeforeOrEqualTo(drawn.ends())
        .isBeforeOrEqualTo(token.livesUntil());
    assertThat(bench.mayAct(token)).as(drawn.toString()).isTrue();
    if (drawn.revoked()) {
      bench.revoke(drawn.request().id());
    } else {
      // As a replica does that looks each second.
      time.now = drawn.ends().minus(Sweeper.Pace.STANDARD.lead());
    }
    bench.sweep(Sweeper.Pace.STANDARD.lead());
    if (!drawn.revoked()) {
      time.now = drawn.ends();
    }
    assertThat(bench.mayAct(token)).as(drawn.toString()).isFalse();
    time.now = token.livesUntil().minusSeconds(1).truncatedTo(ChronoUnit.SECONDS);
    assertThat(bench.mayAct(token)).as("while Entra's token lives: " + drawn).isFalse();
    return true;
  }
}

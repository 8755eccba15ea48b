package io.daypass.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.daypass.sandbox.azure.AzureStandIn;
import io.daypass.sandbox.azure.StandInApp;
import io.daypass.sandbox.http.Fault;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * What was made in Azure for a grant goes with it: at its end, after a revocation that races, after
 * the death of the replica that made it. Each takes the minute that a grant or an attempt lasts, so
 * all of it is brought about first, and then awaited together.
 */
class AzureEndingsTest {

  private static final int ROUNDS = 34;
  private static final List<String> RACERS = List.of("alice", "bob", "dave");
  private static final Duration LONG = Duration.ofMinutes(2);

  private static World world;
  private static Replica standing;
  private static Replica killed;

  private static String unmade;
  private static String made;
  private static String lied;
  private static OfOneMinute ending;
  private static Extended extended;
  private static List<String> raced;

  @BeforeAll
  static void bring_all_about() throws Exception {
    world = World.busy("info");
    role("azure-unmade", "20", 2);
    role("azure-made", "30", 2);
    role("azure-short", "40", 2);
    role("azure-lied", "50", 2);
    role("azure-extended", "60", 1);
    role("azure-race", "10", RACERS.size() * ROUNDS + 20);
    standing = world.replica().awaitReady();
    killed = world.replica().awaitReady();
    unmade = killedBetweenRecordAndMaking();
    killed.awaitReady();
    made = killedBetweenMakingAndSeal();
    lied = liedAbout();
    ending = granted();
    extended = extended();
    killed.awaitReady();
    raced = race();
  }

  @AfterAll
  static void stop() {
    world.close();
  }

  private static String scope(String role) {
    return "/subscriptions/" + AzureStandIn.SUBSCRIPTION + "/resourceGroups/" + role;
  }

  /** A role of so many identities that everybody has at once. */
  private static void role(String name, String prefix, int identities) throws Exception {
    var ids =
        IntStream.range(0, identities)
            // Also at their ends, of which their principals are made: each has one of its own.
            .mapToObj(i -> "%1$s000000-0000-4000-8000-%1$s%2$010d".formatted(prefix, i))
            .toList();
    for (var id : ids) {
      world
          .sandbox
          .azure()
          .add(StandInApp.of(id, AzureStandIn.objectId(id)).trusting(world.url(), "role:" + name));
    }
    Files.writeString(
        world.policies.resolve(name + ".yaml"),
        """
        role: %s
        description: For a race
        access: read-only
        sensitivity: low
        target:
          azure:
            tenant: %s
            client-id: %s
            spare-client-ids: [%s]
            scope: https://storage.azure.com/.default
            role-assignment:
              role: %s
              scope: %s
        max-duration: 4h
        rules:
          - { name: at once, who: '"engineering" in groups', approval: automatic }
        """
            .formatted(
                name,
                AzureStandIn.TENANT,
                ids.getFirst(),
                ids.stream().skip(1).collect(Collectors.joining(", ")),
                AzureStandIn.BLOB_READER,
                scope(name)));
  }

  private static List<String> bindings(String request) throws Exception {
    return world.records.bindings(request);
  }

  private static String killedBetweenRecordAndMaking() throws Exception {
    var dave = world.person("dave");
    var id = standing.api().ask(dave, "azure-unmade", "1h", "one");
    world.sandbox.azure().entraFaults().always(new Fault.Hang());
    var inFlight = killed.api().credentialsLater("azure-unmade", dave);
    Until.holds("it is written down", () -> bindings(id).contains("binding_intended"));
    kill(inFlight);
    world.sandbox.azure().entraFaults().clear();
    revoke(id);
    return id;
  }

  private static String killedBetweenMakingAndSeal() throws Exception {
    var dave = world.person("dave");
    var id = standing.api().ask(dave, "azure-made", "1h", "two");
    world.sandbox.azure().armFaults().always(new Fault.Hang());
    var inFlight = killed.api().credentialsLater("azure-made", dave);
    Until.holds("it is made", () -> world.sandbox.azure().assignmentsAt(scope("azure-made")) == 1);
    kill(inFlight);
    world.sandbox.azure().armFaults().clear();
    revoke(id);
    return id;
  }

  /** Resource Manager says that it has given the access to somebody else. */
  private static String liedAbout() throws Exception {
    var dave = world.person("dave");
    var id = standing.api().ask(dave, "azure-lied", "1h", "three");
    var someone = "$1" + "00000000-0000-4000-8000-00000000beef";
    world
        .sandbox
        .azure()
        .armFaults()
        .always(
            new Fault.Rewrite(reply ->
                reply.withBody(reply.body().replaceAll("(\"principalId\":\")[^\"]*", someone))));
    var answer = standing.api().credentials("azure-lied", dave);
    world.sandbox.azure().armFaults().clear();
    assertThat(answer.status()).isIn(502, 503);
    assertThat(answer.text("code")).isIn("cloud_answer_wrong", "cloud_failed");
    assertThat(answer.body()).doesNotContain("eyJ");
    assertThat(world.records.kinds(id)).contains("unknown").doesNotContain("sealed");
    revoke(id);
    return id;
  }

  private static void kill(CompletableFuture<Api.Answer> inFlight) throws Exception {
    killed.kill();
    inFlight.exceptionally(_ -> new Api.Answer(0, "", null)).join();
    killed.startAgain();
  }

  /** The grant is over, and what the killed replica left is the standing one's to remove. */
  private static void revoke(String id) throws Exception {
    standing.api().on(id, "revoke", world.person("pat"), "reason", "enough").is(200);
  }

  /**
   * A grant of one minute.
   *
   * @param over when its token could do nothing any more
   */
  private record OfOneMinute(String id, Instant ends, CompletableFuture<Instant> over) {}

  private static OfOneMinute granted() {
    var dave = world.person("dave");
    var id = standing.api().ask(dave, "azure-short", "1m", "look");
    var answer = standing.api().credentials("azure-short", dave).is(200);
    var token = answer.text("access_token");
    assertThat(world.mayActInAzure(token)).isTrue();
    var ends = answer.instant("expires_at");
    var over = new CompletableFuture<Instant>();
    Thread.startVirtualThread(() -> {
      try {
        Until.holds(
            "the token may do nothing",
            LONG,
            () -> Instant.now().isAfter(ends.minusSeconds(5)) && !world.mayActInAzure(token));
        over.complete(Instant.now());
      } catch (InterruptedException | RuntimeException | AssertionError e) {
        over.completeExceptionally(e);
      }
    });
    return new OfOneMinute(id, ends, over);
  }

  /**
   * A grant of one minute that is extended.
   *
   * @param gap whether its first token could ever do nothing, from the start to well after the
   *     first end
   */
  private record Extended(String id, String more, Instant ends, CompletableFuture<Boolean> gap) {}

  private static Extended extended() {
    var dave = world.person("dave");
    var id = standing.api().ask(dave, "azure-extended", "1m", "look");
    var answer = standing.api().credentials("azure-extended", dave).is(200);
    var token = answer.text("access_token");
    var ends = answer.instant("expires_at");
    var more = standing.api().on(id, "extend", dave, "duration", "1h", "reason", "longer").is(201);
    assertThat(more.text("state")).isEqualTo("approved");
    var gap = new CompletableFuture<Boolean>();
    Thread.startVirtualThread(() -> {
      var may = true;
      while (may && Instant.now().isBefore(ends.plusSeconds(5))) {
        pause(200);
        may = world.mayActInAzure(token);
      }
      gap.complete(!may);
    });
    return new Extended(id, more.text("id"), ends, gap);
  }

  /** The tokens that were handed out while each grant was revoked. */
  private static List<String> race() {
    return RACERS.stream()
        .map(who -> CompletableFuture.supplyAsync(() -> raceOf(who), Thread::startVirtualThread))
        .toList()
        .stream()
        .flatMap(lane -> lane.join().stream())
        .toList();
  }

  private static List<String> raceOf(String who) {
    var random = new Random(who.hashCode());
    var person = world.person(who);
    var pat = world.person("pat");
    var tokens = new ArrayList<String>();
    for (var round = 0; round < ROUNDS; round++) {
      var id = standing.api().ask(person, "azure-race", "1h", "round " + round);
      var asked = (round % 2 == 0 ? killed : standing).api().credentialsLater("azure-race", person);
      pause(random.nextLong(400));
      (round % 2 == 0 ? standing : killed).api().on(id, "revoke", pat, "reason", "race").is(200);
      var answer = Api.wait(asked);
      if (answer.status() == 200) {
        tokens.add(answer.text("access_token"));
      } else {
        // Not ready: it was removed before it could be seen.
        assertThat(answer.text("code"))
            .isIn(
                "grant_revoked",
                "grant_over",
                "approval_required",
                "closed",
                "access_taken",
                "access_not_ready");
      }
    }
    return tokens;
  }

  private static void pause(long millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void f30_killed_between_the_record_and_the_making_nothing_stays() throws Exception {
    Until.holds("it is gone", LONG, () -> bindings(unmade).contains("binding_removed"));
    assertThat(bindings(unmade)).containsExactly("binding_intended", "binding_removed");
    assertThat(world.sandbox.azure().assignmentsAt(scope("azure-unmade"))).isZero();
  }

  @Test
  void f24_what_azure_lied_about_is_released_to_nobody_and_does_not_stay() throws Exception {
    Until.holds("it is gone", LONG, () -> bindings(lied).contains("binding_removed"));
    assertThat(bindings(lied)).containsExactly("binding_intended", "binding_removed");
    assertThat(world.sandbox.azure().assignmentsAt(scope("azure-lied"))).isZero();
  }

  @Test
  void f30_killed_between_the_making_and_the_seal_nothing_stays() throws Exception {
    Until.holds("it is gone", LONG, () -> bindings(made).contains("binding_removed"));
    assertThat(bindings(made)).containsExactly("binding_intended", "binding_removed");
    assertThat(world.sandbox.azure().assignmentsAt(scope("azure-made"))).isZero();
  }

  @Test
  void p2_access_ends_with_its_grant() throws Exception {
    assertThat(ending.over().get()).isBeforeOrEqualTo(ending.ends().plusSeconds(5));
    assertThat(bindings(ending.id())).startsWith("binding_intended", "binding_made");
  }

  @Test
  void an_extension_keeps_the_access_and_its_end_takes_it() throws Exception {
    assertThat(extended.gap().get()).as("there was a moment without the access").isFalse();
    var dave = world.person("dave");
    var token = standing.api().credentials("azure-extended", dave).is(200).text("access_token");
    assertThat(world.mayActInAzure(token)).isTrue();
    assertThat(bindings(extended.id())).containsExactly("binding_intended", "binding_made");
    assertThat(bindings(extended.more())).as("it is one and the same").isEmpty();
    standing.api().on(extended.more(), "return", dave, "reason", "done").is(200);
    Until.holds("it is gone", LONG, () -> !world.mayActInAzure(token));
    assertThat(world.sandbox.azure().assignmentsAt(scope("azure-extended"))).isZero();
  }

  @Test
  void p10_a_revocation_that_races_with_the_making_ends_with_nothing_there() throws Exception {
    Until.holds(
        "every assignment of the race is gone",
        LONG,
        () ->
            world.records.count(
                    "SELECT count(*) FROM daypass.access_binding b WHERE b.state <> 'removed'"
                        + " AND b.place ->> 'scope' LIKE '%azure-race'")
                == 0);
    assertThat(world.sandbox.azure().assignmentsAt(scope("azure-race"))).isZero();
    for (var token : raced) {
      assertThat(world.mayActInAzure(token)).isFalse();
    }
    assertThat(raced).as("the race goes both ways").isNotEmpty();
  }
}

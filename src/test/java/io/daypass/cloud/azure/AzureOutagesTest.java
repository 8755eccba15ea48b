package io.daypass.cloud.azure;

import static org.assertj.core.api.Assertions.assertThat;

import io.daypass.cloud.MintException;
import io.daypass.cloud.MintException.Reason;
import io.daypass.cloud.Overheard;
import io.daypass.cloud.Waits;
import io.daypass.ledger.RecordedGrant;
import io.daypass.policy.Target;
import io.daypass.sandbox.azure.AzureStandIn;
import io.daypass.sandbox.http.Fault;
import io.daypass.sandbox.http.Faults;
import io.daypass.sandbox.http.Reply;
import io.vertx.core.json.JsonObject;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What goes wrong on the way to Azure and back. Deadlines are short, time-outs of tests long. */
@Timeout(60)
class AzureOutagesTest {

  private static final Duration TEN = Duration.ofMinutes(10);

  private final AzureBench bench = new AzureBench();

  @AfterEach
  void close() {
    bench.close();
  }

  private RecordedGrant reports() {
    return bench.reports(bench.request("alice", TEN));
  }

  private RecordedGrant storage() {
    return bench.storage(bench.request("alice", TEN));
  }

  private static Reason failure(AzureCloud cloud, RecordedGrant grant) {
    try {
      cloud.mint(grant);
      throw new AssertionError("minted");
    } catch (MintException e) {
      return e.reason();
    }
  }

  /**
   * The whole way once, nothing of which is left: what a JVM does for the first time can take it
   * longer than a short deadline, and the call under test would not be made at all.
   */
  private void warmUp() throws MintException {
    var request = bench.request("carol", TEN);
    bench.mint(bench.storage(request));
    bench.revoke(request.id());
    bench.sweep();
    assertThat(bench.sandbox.azure().assignments()).isZero();
  }

  private Reason failure(RecordedGrant grant) {
    return failure(bench.cloud, grant);
  }

  private Faults entra() {
    return bench.sandbox.azure().entraFaults();
  }

  private Faults arm() {
    return bench.sandbox.azure().armFaults();
  }

  private long calls(String service, String action) {
    return bench.sandbox.calls().list(service, action).size();
  }

  @Test
  void f20_a_refused_connection_fails_fast_and_left_nothing_behind() throws Exception {
    int port;
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = socket.getLocalPort();
    }
    try (var cloud =
        bench.cloud(URI.create("https://127.0.0.1:" + port), bench.resourceManager())) {
      assertThat(failure(cloud, reports())).isEqualTo(Reason.CLOUD_UNREACHABLE);
    }
    try (var cloud = bench.cloud(bench.authority(), URI.create("http://127.0.0.1:" + port))) {
      assertThat(failure(cloud, storage())).isEqualTo(Reason.CLOUD_UNREACHABLE);
    }
    assertThat(bench.sandbox.azure().assignments()).isZero();
  }

  @Test
  void f20_after_too_many_failures_a_tenant_is_left_alone_and_others_are_not() {
    for (int i = 0; i < 20; i++) {
      entra().next(Fault.outage(), 3);
      assertThat(failure(reports())).isEqualTo(Reason.CLOUD_FAILED);
    }
    assertThat(failure(reports())).isEqualTo(Reason.CLOUD_BUSY);
    assertThat(bench.cloud.heldBack()).isEqualTo(1);
    assertThat(bench.cloud.turn(AzureBench.accepted())).isEmpty();
    var other =
        new Target.Azure(
            "7d3c0a52-4f0e-4f5e-9a63-2b1f1f0c9aff",
            List.of(AzureStandIn.reportsIdentity()),
            "https://storage.azure.com/.default",
            null);
    assertThat(bench.cloud.turn(other)).isPresent();
    var asked = bench.grant(bench.request("bob", TEN), "azure-reports", other);
    assertThat(failure(asked)).as("it is asked").isNotEqualTo(Reason.CLOUD_BUSY);
  }

  @Test
  void a_refusal_never_closes_a_tenant_to_others() throws Exception {
    for (int i = 0; i < 40; i++) {
      var stranger =
          bench.grant(bench.request("mallory", TEN), "azure-other", AzureBench.accepted());
      assertThat(failure(stranger)).isEqualTo(Reason.CLOUD_REFUSED);
    }
    assertThat(bench.mint(reports())).isNotNull();
  }

  static Stream<Fault> silences() {
    return Stream.of(new Fault.Hang(), new Fault.Drip(Duration.ofMillis(20)), new Fault.Endless());
  }

  @ParameterizedTest
  @MethodSource("silences")
  void f21_a_token_that_drips_is_over_at_the_deadline_and_not_asked_for_twice(Fault silence)
      throws Exception {
    warmUp();
    var before = calls("azure.entra", "token");
    entra().always(silence);
    try (var cloud = bench.cloud(Waits.SHORT)) {
      assertThat(failure(cloud, reports())).isEqualTo(Reason.CLOUD_FAILED);
    }
    assertThat(calls("azure.entra", "token")).isEqualTo(before + 1);
    assertThat(Reason.CLOUD_FAILED.mayExist()).isTrue();
  }

  @ParameterizedTest
  @MethodSource("silences")
  void f21_an_assignment_that_drips_is_over_at_the_deadline_and_gone_when_it_is_due(Fault silence)
      throws Exception {
    warmUp();
    arm().always(silence);
    var request = bench.request("alice", TEN);
    try (var cloud = bench.cloud(Waits.SHORT)) {
      assertThat(failure(cloud, bench.storage(request))).isEqualTo(Reason.CLOUD_FAILED);
    }
    assertThat(bench.sandbox.azure().assignments()).as("it was made all the same").isEqualTo(1);
    arm().clear();
    bench.revoke(request.id());
    Thread.sleep(1_100); // the attempt that may still be on its way is over by then
    bench.sweep();
    assertThat(bench.sandbox.azure().assignments()).isZero();
  }

  @Test
  void f24_an_answer_cut_off_is_lost_and_a_token_not_asked_for_twice() {
    entra().always(new Fault.Cut());
    assertThat(failure(reports())).isEqualTo(Reason.CLOUD_FAILED);
    assertThat(calls("azure.entra", "token")).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"[", "{\"a\":"})
  void f24_a_deep_answer_is_no_stack_overflow(String step) {
    var deep = "{\"access_token\":" + step.repeat(10_000);
    entra().next(Fault.say("application/json", deep), 1);
    assertThat(failure(reports())).isEqualTo(Reason.CLOUD_ANSWER_WRONG);
    entra().next(new Fault.Rewrite(_ -> new Reply(400, "application/json", deep, Map.of())), 1);
    assertThat(failure(reports())).isEqualTo(Reason.CLOUD_REFUSED);
    arm().always(Fault.say("application/json", deep));
    assertThat(failure(storage())).isEqualTo(Reason.CLOUD_ANSWER_WRONG);
  }

  @Test
  void f24_an_answer_of_10_mib_is_not_read() {
    entra().next(Fault.large(10 << 20), 1);
    assertThat(failure(reports())).isEqualTo(Reason.CLOUD_FAILED);
    arm().always(Fault.large(10 << 20));
    assertThat(failure(storage())).isEqualTo(Reason.CLOUD_FAILED);
  }

  static Stream<Consumer<JsonObject>> lies() {
    return Stream.of(
        made -> made.put("name", "00000000-0000-4000-8000-00000000beef"),
        made -> properties(made).put("principalId", "00000000-0000-4000-8000-00000000beef"),
        made -> properties(made).put("scope", "/subscriptions/" + AzureStandIn.SUBSCRIPTION),
        made ->
            properties(made)
                .put(
                    "roleDefinitionId",
                    "/providers/Microsoft.Authorization/roleDefinitions/"
                        + "8e3af657-a8ff-443c-a75c-2fe8c4bcb635"),
        made -> made.remove("properties"));
  }

  private static JsonObject properties(JsonObject made) {
    return made.getJsonObject("properties");
  }

  @ParameterizedTest
  @MethodSource("lies")
  void f24_another_assignment_than_was_asked_for_gives_no_token_and_is_taken_away(
      Consumer<JsonObject> lie) throws Exception {
    arm()
        .next(
            new Fault.Rewrite(reply -> {
              var made = new JsonObject(reply.body());
              lie.accept(made);
              return reply.withBody(made.encode());
            }),
            1);
    var request = bench.request("alice", TEN);
    assertThat(failure(bench.storage(request))).isEqualTo(Reason.CLOUD_ANSWER_WRONG);
    bench.revoke(request.id());
    Thread.sleep(1_100); // the attempt that may still be on its way is over by then
    bench.sweep();
    assertThat(bench.sandbox.azure().assignments()).isZero();
  }

  @Test
  void an_interrupted_mint_ends_at_once_and_stays_interrupted() throws Exception {
    bench.mint(reports());
    var caller = Thread.currentThread();
    entra()
        .next(
            new Fault.Rewrite(reply -> {
              caller.interrupt();
              return reply.withBody("");
            }),
            1);
    assertThat(failure(reports())).isIn(Reason.CLOUD_FAILED, Reason.CLOUD_ANSWER_WRONG);
    assertThat(Thread.interrupted()).isTrue();
  }

  @Test
  void the_binder_is_never_handed_out_whatever_the_policies_say() {
    var binder =
        new Target.Azure(
            AzureStandIn.TENANT,
            List.of(AzureStandIn.BINDER.toUpperCase(java.util.Locale.ROOT)),
            "https://management.azure.com/.default",
            null);
    var before = calls("azure.entra", "token");
    assertThat(failure(bench.grant(bench.request("alice", TEN), "azure-binder", binder)))
        .isEqualTo(Reason.CLOUD_REFUSED);
    assertThat(calls("azure.entra", "token")).isEqualTo(before);
  }

  @Test
  void p7_no_assertion_and_no_token_reaches_the_log_however_entra_words_its_refusal() {
    try (var overheard = new Overheard()) {
      entra()
          .next(
              new Fault.Rewrite(reply -> {
                var token = new JsonObject(reply.body()).getString("access_token");
                return Reply.json(
                    400,
                    new JsonObject()
                        .put("error", "invalid_client")
                        .put("error_description", "bad " + token + "\u0085 for " + token));
              }),
              1);
      assertThat(failure(reports())).isEqualTo(Reason.CLOUD_REFUSED);
      var ours = overheard.ofTheClouds();
      assertThat(ours).hasSize(1);
      assertThat(ours.getFirst().getFormattedMessage()).isEqualTo("cloud.mint.failed");
      assertThat(ours.getFirst().getThrowableProxy()).isNull();
      assertThat(ours.getFirst().getKeyValuePairs().toString())
          .contains("invalid_client", "[cut]", "cloud_refused");
      assertThat(overheard.texts()).isNotEmpty().noneMatch(text -> text.contains("eyJ"));
    }
  }
}

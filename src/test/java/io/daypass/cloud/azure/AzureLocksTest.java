package io.daypass.cloud.azure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.daypass.cloud.BindingStore;
import io.daypass.cloud.MintException;
import io.daypass.cloud.MintException.Reason;
import io.daypass.cloud.MintException.Said;
import io.daypass.sandbox.azure.AzureStandIn;
import io.daypass.sandbox.azure.StandInApp;
import io.daypass.sandbox.http.Fault;
import io.vertx.core.json.JsonObject;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A lock lets a role be assigned and not be taken away again. */
class AzureLocksTest extends AzureMints {

  private static final String SUBSCRIPTION = "/subscriptions/" + AzureStandIn.SUBSCRIPTION;

  private AzureStandIn azure() {
    return bench.sandbox.azure();
  }

  @ParameterizedTest
  @CsvSource({
    AzureBench.SCOPE + ", CanNotDelete",
    AzureBench.SCOPE + ", ReadOnly",
    SUBSCRIPTION + ", CanNotDelete"
  })
  void p2_nothing_is_assigned_where_it_could_not_be_taken_away_again(String scope, String level) {
    azure().lock(scope, "keep", level);
    var grant = bench.storage(bench.request("alice", TEN));
    var failure = catchThrowableOfType(MintException.class, () -> bench.mint(grant));
    assertThat(failure.reason()).isEqualTo(Reason.CLOUD_REFUSED);
    assertThat(failure.mayExist()).as("Entra had given a token").isTrue();
    Said said = Objects.requireNonNull(failure.said());
    assertThat(said.code()).isEqualTo("ScopeLocked");
    assertThat(said.text()).contains("/locks/keep", level, "remove it");
    assertThat(bench.puts()).isZero();
    assertThat(azure().assignments()).isZero();
    azure().unlock(scope);
    assertThatCode(() -> storage("bob")).doesNotThrowAnyException();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        AzureBench.SCOPE + "/providers/Microsoft.Storage/storageAccounts/one",
        AzureBench.SCOPE + "ping",
        SUBSCRIPTION + "/resourceGroups/other"
      })
  void a_lock_that_does_not_reach_the_scope_is_in_nobody_s_way(String scope) throws Exception {
    azure().lock(scope, "keep", "CanNotDelete");
    var request = bench.request("alice", TEN);
    bench.mint(bench.storage(request));
    bench.revoke(request.id());
    bench.sweep();
    assertThat(azure().assignments()).isZero();
  }

  @Test
  void locks_below_the_scope_that_are_listed_all_the_same_are_passed_over() throws Exception {
    var below = SCOPE_LOWER + "/providers/microsoft.storage/storageaccounts/one";
    azure()
        .lockFaults()
        .next(
            new Fault.Rewrite(reply ->
                reply.withBody(listed(below + "/providers/Microsoft.Authorization/locks/x"))),
            1);
    assertThat(storage("alice")).isNotNull();
  }

  private static final String SCOPE_LOWER = AzureBench.SCOPE.toLowerCase(java.util.Locale.ROOT);

  private static String listed(String id) {
    return new JsonObject()
        .put(
            "value",
            new io.vertx.core.json.JsonArray()
                .add(
                    new JsonObject()
                        .put("id", id)
                        .put("properties", new JsonObject().put("level", "CanNotDelete"))))
        .encode();
  }

  @Test
  void a_lock_that_does_not_say_where_it_is_is_in_the_way() {
    azure().lockFaults().next(new Fault.Rewrite(reply -> reply.withBody(listed("somewhere"))), 1);
    refusedAfterToken(Reason.CLOUD_REFUSED, bench.storage(bench.request("alice", TEN)));
    assertThat(bench.puts()).isZero();
  }

  @Test
  void a_binder_that_may_not_look_at_locks_goes_on() throws Exception {
    azure()
        .add(
            StandInApp.of(AzureStandIn.BINDER, AzureStandIn.objectId(AzureStandIn.BINDER))
                .trusting(bench.issuer(), "daypass:binder")
                .assigning(AzureStandIn.BLOB_READER)
                .lacking("locks/read"));
    assertThat(storage("alice")).isNotNull();
  }

  @ParameterizedTest
  @ValueSource(ints = {400, 404})
  void what_has_no_locks_is_not_locked(int status) throws Exception {
    azure().lockFaults().next(new Fault.Refuse(status, "NoLocksHere"), 1);
    assertThat(storage("alice")).isNotNull();
  }

  @Test
  void while_it_is_not_known_whether_there_is_a_lock_nothing_is_assigned() throws Exception {
    azure().lockFaults().always(new Fault.Refuse(500, "InternalServerError"));
    refusedAfterToken(Reason.CLOUD_FAILED, bench.storage(bench.request("alice", TEN)));
    assertThat(bench.puts()).isZero();
    azure().lockFaults().clear();
    assertThat(storage("bob")).isNotNull();
  }

  @Test
  void a_passing_fault_of_the_look_is_asked_through() throws Exception {
    azure().lockFaults().next(new Fault.Refuse(503, "ServerBusy"), 1);
    assertThat(storage("alice")).isNotNull();
  }

  @Test
  void p2_a_lock_that_comes_later_is_told_and_access_goes_as_soon_as_it_is_gone() throws Exception {
    var request = bench.request("alice", TEN);
    var token = bench.mint(bench.storage(request));
    azure().lock(SUBSCRIPTION, "keep", "CanNotDelete");
    bench.revoke(request.id());
    var binding = AzureBench.only(bench.store.of(request.id()));
    var failure = catchThrowableOfType(MintException.class, () -> bench.cloud.remove(binding));
    assertThat(failure.reason()).isEqualTo(Reason.CLOUD_REFUSED);
    assertThat(bench.cloud.told(failure)).isEqualTo("scope_locked");
    assertThat(bench.mayAct(token)).isTrue();
    azure().unlock(SUBSCRIPTION);
    bench.sweep();
    assertThat(bench.mayAct(token)).isFalse();
    assertThat(bench.store.of(request.id()).getFirst().state())
        .isEqualTo(BindingStore.State.REMOVED);
  }

  @Test
  void other_refusals_to_remove_are_told_as_what_they_are() {
    assertThat(bench.cloud.told(new MintException(Reason.CLOUD_REFUSED, new Said("Other", "no"))))
        .isEqualTo("cloud_refused");
    assertThat(bench.cloud.told(new MintException(Reason.CLOUD_THROTTLED)))
        .isEqualTo("cloud_throttled");
  }

  @Test
  void what_is_not_there_is_gone_although_its_scope_is_locked() throws Exception {
    azure().lockFaults().next(new Fault.Refuse(403, "AuthorizationFailed"), 1);
    azure().lock(AzureBench.SCOPE, "keep", "ReadOnly");
    var request = bench.request("alice", TEN);
    refusedAfterToken(Reason.CLOUD_REFUSED, bench.storage(request));
    assertThat(bench.puts()).as("the binder may not look, so it is tried").isEqualTo(1);
    var binding = AzureBench.only(bench.store.of(request.id()));
    assertThatCode(() -> bench.cloud.remove(binding)).doesNotThrowAnyException();
  }
}

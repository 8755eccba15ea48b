package io.daypass.cloud.azure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.daypass.cloud.BindingStore;
import io.daypass.cloud.MintException;
import io.daypass.cloud.MintException.Reason;
import io.daypass.cloud.WantedBinding;
import io.daypass.ledger.RecordedGrant;
import io.daypass.policy.Target;
import io.daypass.sandbox.azure.AzureStandIn;
import io.daypass.sandbox.azure.StandInApp;
import io.daypass.sandbox.http.Fault;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** What a token may do begins and ends with a role assignment of its grant. */
class AzureAssignmentsTest extends AzureMints {

  private static final Duration HOUR = Duration.ofHours(1);

  @Test
  void p2_what_a_token_may_do_begins_with_its_grant_and_ends_with_it() throws Exception {
    var request = bench.request("alice", TEN);
    var grant = bench.storage(request);
    var token = bench.mint(grant);
    assertThat(token.outlives()).isFalse();
    assertThat(token.expiresAt()).isEqualTo(grant.endsAt());
    assertThat(token.livesUntil()).isAfter(grant.endsAt());
    assertThat(bench.mayAct(token)).isTrue();
    bench.sweep();
    assertThat(bench.mayAct(token)).isTrue();
    bench.requests.age(request.id(), TEN);
    bench.sweep();
    assertThat(bench.mayAct(token)).isFalse();
    assertThat(bench.allowed(token).getString("why")).isEqualTo("no role is assigned");
    assertThat(bench.sandbox.azure().assignments()).isZero();
  }

  @Test
  void p5_a_revoked_grant_takes_its_access_with_it_at_once() throws Exception {
    var request = bench.request("alice", HOUR);
    var token = bench.mint(bench.storage(request));
    bench.revoke(request.id());
    bench.sweep();
    assertThat(bench.mayAct(token)).isFalse();
    assertThat(bench.store.of(request.id()).getFirst().state())
        .isEqualTo(BindingStore.State.REMOVED);
  }

  @Test
  void what_is_assigned_says_in_azure_whose_it_is_and_is_named_as_it_was_written_down()
      throws Exception {
    var request = bench.request("alice", TEN);
    bench.mint(bench.storage(request));
    var binding = AzureBench.only(bench.store.of(request.id()));
    var call = bench.sandbox.calls().list("azure.arm", "put roleAssignment").getFirst();
    assertThat((String) call.facts().get("path"))
        .endsWith("/providers/Microsoft.Authorization/roleAssignments/" + binding.id());
    assertThat(call.facts())
        .containsEntry("client_id", AzureStandIn.BINDER)
        .containsEntry("principal_id", AzureStandIn.objectId(FIRST))
        .containsEntry("role", AzureStandIn.BLOB_READER);
  }

  @Test
  void an_identity_serves_one_grant_at_a_time() throws Exception {
    var alice = storage("alice");
    var bob = storage("bob");
    assertThat(bench.allowed(alice).getString("client_id")).isEqualTo(FIRST);
    assertThat(bench.allowed(bob).getString("client_id")).isEqualTo(SECOND);
    refusedBeforeToken(Reason.ACCESS_TAKEN, bench.storage(bench.request("carol", TEN)));
    assertThat(bench.sandbox.azure().assignments()).isEqualTo(2);
  }

  @Test
  void p2_a_token_of_an_ended_grant_does_not_work_again_by_another_grant_s_assignment()
      throws Exception {
    var request = bench.request("alice", TEN);
    var old = bench.mint(bench.storage(request));
    bench.revoke(request.id());
    bench.sweep();
    var next = storage("alice");
    assertThat(bench.allowed(next).getString("client_id")).isEqualTo(SECOND);
    assertThat(bench.mayAct(old)).isFalse();
  }

  @Test
  void p2_an_identity_changes_hands_only_when_nobody_believes_its_last_token() throws Exception {
    var one = AzureBench.assigned(List.of(FIRST));
    var request = bench.request("alice", TEN);
    var lives = bench.mint(bench.grant(request, "azure-storage", one)).livesUntil();
    bench.revoke(request.id());
    bench.sweep();
    var holder = bench.store.hold(bench.storage(bench.request("bob", TEN)), wanted(one), TEN);
    assertThat(holder).isEqualTo(new BindingStore.Held.Busy(lives.plusSeconds(360)));
  }

  private static WantedBinding wanted(Target.Azure target) {
    return AssignedRole.wanted(target, Objects.requireNonNull(target.assignment()));
  }

  @Test
  void p2_a_token_that_nothing_was_assigned_for_is_dead_before_its_identity_gets_anything()
      throws Exception {
    bench.mint(bench.reports(bench.request("alice", TEN)));
    refusedBeforeToken(Reason.ACCESS_TAKEN, reportsAssigned("bob"));
    assertThat(bench.puts()).isZero();
  }

  @Test
  void p2_an_identity_that_may_have_an_assignment_serves_nobody_without_one() throws Exception {
    bench.store.hold(reportsAssigned("bob"), wanted(REPORTS_ASSIGNED), TEN);
    refusedAfterToken(Reason.ACCESS_TAKEN, bench.reports(bench.request("alice", TEN)));
  }

  private static final Target.Azure REPORTS_ASSIGNED =
      AzureBench.assigned(List.of(AzureStandIn.reportsIdentity()));

  /** As a policy that was changed wants it. */
  private RecordedGrant reportsAssigned(String who) {
    return bench.grant(bench.request(who, TEN), "azure-reports", REPORTS_ASSIGNED);
  }

  @Test
  void access_that_somebody_gave_by_hand_is_refused_because_it_would_stay() throws Exception {
    bench.sandbox.azure().assignedByHand(FIRST, AzureStandIn.BLOB_READER, AzureBench.SCOPE);
    var request = bench.request("alice", TEN);
    refusedAfterToken(Reason.CLOUD_REFUSED, bench.storage(request));
    assertThat(bench.store.of(request.id()).getFirst().state())
        .isEqualTo(BindingStore.State.RECORDED);
  }

  @Test
  void only_that_it_exists_makes_a_conflict_a_question_of_whose_it_is() {
    bench.sandbox.azure().armFaults().next(new Fault.Refuse(409, "ScopeLocked"), 1);
    var grant = bench.storage(bench.request("alice", TEN));
    assertThatExceptionOfType(MintException.class)
        .isThrownBy(() -> bench.mint(grant))
        .satisfies(e -> assertThat(e.reason()).isEqualTo(Reason.CLOUD_REFUSED))
        .extracting(MintException::said)
        .satisfies(said -> assertThat(said.code()).isEqualTo("ScopeLocked"))
        .satisfies(said -> assertThat(said.text()).contains("409").doesNotContain("not ours"));
  }

  @Test
  void what_is_ours_and_not_shown_for_long_is_waited_for_and_not_called_another_s() {
    bench.sandbox.azure().replication(HOUR);
    var request = bench.request("alice", TEN);
    refusedAfterToken(Reason.ACCESS_NOT_READY, bench.storage(request));
    refusedAfterToken(Reason.ACCESS_NOT_READY, bench.storage(request));
    var puts = bench.sandbox.calls().list("azure.arm", "put roleAssignment");
    assertThat(puts.stream().map(call -> call.outcome()).toList())
        .containsExactly("ok", "RoleAssignmentExists");
  }

  @Test
  void what_an_attempt_before_may_have_made_is_waited_for_whatever_azure_calls_it() {
    bench.sandbox.azure().replication(HOUR);
    bench.sandbox.azure().armFaults().next(new Fault.Hang(), 1);
    bench
        .sandbox
        .azure()
        .armFaults()
        .next(
            new Fault.Rewrite(
                reply -> reply.withBody(reply.body().replaceAll(" The ID of [^\"]*", ""))),
            1);
    refused(Reason.ACCESS_NOT_READY, bench.storage(bench.request("alice", TEN)));
    assertThat(bench.puts()).isEqualTo(2);
  }

  @Test
  void what_a_killed_replica_made_is_found_and_used() throws Exception {
    var request = bench.request("alice", TEN);
    bench.sandbox.azure().armFaults().next(new Fault.Hang(), 3);
    refused(Reason.CLOUD_FAILED, bench.storage(request));
    assertThat(bench.sandbox.azure().assignments()).isEqualTo(1);
    bench.sandbox.azure().armFaults().clear();
    var token = bench.mint(bench.storage(request));
    assertThat(bench.mayAct(token)).isTrue();
    assertThat(bench.sandbox.azure().assignments()).isEqualTo(1);
    bench.revoke(request.id());
    Thread.sleep(1_100); // the attempt that may still be on its way is over by then
    bench.sweep();
    assertThat(bench.sandbox.azure().assignments()).isZero();
  }

  @Test
  void a_principal_that_has_not_arrived_everywhere_is_assigned_all_the_same() throws Exception {
    bench.sandbox.azure().principalsReplicate(false);
    assertThat(bench.mayAct(storage("alice"))).isTrue();
  }

  @Test
  void a_mint_waits_until_the_assignment_is_shown() throws Exception {
    bench.sandbox.azure().replication(Duration.ofMillis(600));
    bench.sandbox.azure().propagation(Duration.ofMillis(600));
    assertThat(bench.mayAct(storage("alice"))).isTrue();
  }

  @Test
  void an_assignment_that_does_not_show_in_time_is_come_back_for() throws Exception {
    bench.sandbox.azure().replication(Duration.ofMillis(2_600));
    var request = bench.request("alice", TEN);
    refusedAfterToken(Reason.ACCESS_NOT_READY, bench.storage(request));
    Thread.sleep(1_000);
    assertThat(bench.mayAct(bench.mint(bench.storage(request)))).isTrue();
  }

  @Test
  void without_somebody_to_assign_roles_nothing_is_minted() {
    try (var cloud = bench.cloud(null, Duration.ofSeconds(1))) {
      refused(Reason.CLOUD_REFUSED, cloud, bench.storage(bench.request("alice", TEN)));
    }
    assertThat(bench.sandbox.azure().assignments()).isZero();
  }

  @Test
  void one_who_may_not_assign_this_role_assigns_nothing() {
    bench
        .sandbox
        .azure()
        .add(StandInApp.of(AzureStandIn.BINDER, AzureStandIn.objectId(AzureStandIn.BINDER)));
    refusedAfterToken(Reason.CLOUD_REFUSED, bench.storage(bench.request("alice", TEN)));
  }

  @Test
  void p5_a_grant_that_is_revoked_while_it_is_minted_for_leaves_nothing() {
    var request = bench.request("alice", TEN);
    bench
        .sandbox
        .azure()
        .armFaults()
        .next(
            new Fault.Rewrite(reply -> {
              bench.revoke(request.id());
              return reply;
            }),
            1);
    refusedAfterToken(Reason.GRANT_OVER, bench.storage(request));
    bench.sweep();
    assertThat(bench.sandbox.azure().assignments()).isZero();
    refusedBeforeToken(Reason.GRANT_OVER, bench.storage(request));
  }

  @Test
  void a_token_that_does_not_say_whose_it_is_gets_nothing_assigned() {
    bench.sandbox.azure().entraFaults().always(lying(claims -> claims.remove("oid")));
    refused(Reason.CLOUD_ANSWER_WRONG, bench.storage(bench.request("alice", TEN)));
    assertThat(bench.puts()).isZero();
  }

  @Test
  void what_cannot_be_removed_is_removed_later() throws Exception {
    var request = bench.request("alice", TEN);
    var token = bench.mint(bench.storage(request));
    bench.revoke(request.id());
    bench.sandbox.azure().armFaults().always(Fault.outage());
    for (var i = 0; i < 6; i++) {
      bench.sweep();
    }
    assertThat(bench.mayAct(token)).isTrue();
    assertThat(bench.store.of(request.id()).getFirst().stuck()).isTrue();
    bench.sandbox.azure().armFaults().clear();
    bench.sweep();
    assertThat(bench.mayAct(token)).isFalse();
  }

  @Test
  void what_must_be_removed_is_removed_while_entra_is_away() throws Exception {
    var request = bench.request("alice", TEN);
    var token = bench.mint(bench.storage(request));
    bench.sandbox.azure().entraFaults().always(Fault.outage());
    bench.revoke(request.id());
    bench.sweep();
    assertThat(bench.mayAct(token)).isFalse();
  }
}

package io.daypass.issuance;

import static io.daypass.request.Roles.one;
import static io.daypass.request.Roles.role;
import static org.assertj.core.api.Assertions.assertThat;

import io.daypass.cloud.Cloud;
import io.daypass.cloud.Console;
import io.daypass.cloud.Credential;
import io.daypass.cloud.MintException;
import io.daypass.cloud.Secret;
import io.daypass.cloud.Turn;
import io.daypass.identity.Caller;
import io.daypass.identity.PollToken;
import io.daypass.identity.TestCallers;
import io.daypass.ledger.IssueRefusal;
import io.daypass.ledger.Ledger;
import io.daypass.ledger.MemoryLedger;
import io.daypass.ledger.RecordedGrant;
import io.daypass.ledger.Strangers;
import io.daypass.policy.Circumstances;
import io.daypass.policy.Policies;
import io.daypass.policy.Rule.Asks;
import io.daypass.policy.Rule.Outcome;
import io.daypass.policy.Target;
import io.daypass.policy.Wish;
import io.daypass.request.AccessRequest;
import io.daypass.request.AccessRequest.State;
import io.daypass.request.ApprovalDesk;
import io.daypass.request.Asking;
import io.daypass.request.DeskAnswer;
import io.daypass.request.MemoryPolls;
import io.daypass.request.MemoryRequests;
import io.daypass.request.Offices;
import io.daypass.request.People;
import io.daypass.request.RequestDesk;
import io.daypass.request.RequestDraft;
import io.daypass.request.RequestIds;
import io.daypass.request.RequestReader;
import io.daypass.request.RequestStore;
import io.daypass.request.Roles;
import io.daypass.request.TickingClock;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;

/** What tests of the issuance share: stores in memory, people, and a cloud that does as told. */
abstract class IssuanceWorld {

  static final Duration HOUR = Duration.ofHours(1);
  static final Outcome FREEZE = new Outcome.Deny("wait");
  final TickingClock clock = new TickingClock();
  final MemoryRequests store = new MemoryRequests(clock, 2);
  final MemoryPolls polls = new MemoryPolls(store);
  final MemoryLedger entries = new MemoryLedger(store, clock);
  final Ledger ledger = new Ledger(entries, UUID::randomUUID);

  final AtomicReference<Policies> policies =
      new AtomicReference<>(
          Roles.policies(
              role("now").automatic().make(),
              role("asked").approvedBy(one("leads")).make(),
              role("reasoned")
                  .rule(
                      "with reason",
                      Roles.always(),
                      new Outcome.Allow(List.of(), null, new Asks(true, null)))
                  .make(),
              role("frozen").rule("freeze", Roles.always(), FREEZE).automatic().make(),
              role("closed").rule("freeze", Roles.always(), FREEZE).make()));

  final RequestDraft draft = new RequestDraft(new RequestIds(), Duration.ofHours(24));

  final ApprovalDesk approvals =
      new ApprovalDesk(
          store,
          policies::get,
          new ApprovalDesk.StepUp(Duration.ofMinutes(15), List.of()),
          new People(store));

  final RequestDesk desk =
      new RequestDesk(
          store,
          policies::get,
          draft,
          new RequestReader(store, approvals, new Offices(Roles.never(), Roles.never())));

  final Caller alice = TestCallers.human("alice");
  final Caller bob = TestCallers.human("bob", "leads");

  interface Mint {
    Credential mint(RecordedGrant grant) throws MintException;
  }

  Strangers strangers = (_, _) -> Optional.empty();
  Mint mint = IssuanceWorld::session;
  boolean room = true;
  Duration waited = Duration.ZERO;
  Runnable whileWaiting = () -> {};
  int turns;
  int turnsTaken;
  int minted;
  int made;
  Console console = (_, _, place) -> new Secret("https://console.example.com/" + place);

  static Credential session(RecordedGrant grant) {
    return session(grant.endsAt());
  }

  static Credential session(Instant expires) {
    return new Credential.AwsSession(
        "ASIAEXAMPLE", new Secret("key"), new Secret("token"), "123456789012", expires);
  }

  final class FakeCloud implements Cloud {
    @Override
    public boolean serves(Target target) {
      return target instanceof Target.Aws;
    }

    @Override
    public int heldBack() {
      return 0;
    }

    @Override
    public Optional<Turn> turn(Target target) {
      whileWaiting.run();
      if (!room) {
        return Optional.empty();
      }
      turns++;
      turnsTaken++;
      return Optional.of(new FakeTurn());
    }
  }

  final class FakeTurn implements Turn {
    @Override
    public Duration waited() {
      return waited;
    }

    @Override
    public Credential mint(RecordedGrant grant) throws MintException {
      assertThat(turns).isEqualTo(1);
      assertThat(entries.kinds()).contains("intent");
      minted++;
      return mint.mint(grant);
    }

    @Override
    public void close() {
      turns--;
    }
  }

  Circumstances now() {
    return new Circumstances(clock.instant(), "192.0.2.1");
  }

  Issuance issuance() {
    return issuance(List.of(new FakeCloud()));
  }

  Issuance issuance(List<Cloud> clouds) {
    return new Issuance(
        new Coverage(
            store,
            policies::get,
            draft,
            new Waiting(store, polls, this::pollToken),
            new RefusedErrands(ledger, policies::get, strangers)),
        ledger,
        clouds,
        (target, session, place) -> console.link(target, session, place));
  }

  PollToken pollToken() {
    return PollToken.of(ByteBuffer.allocate(32).putInt(++made).array());
  }

  Answer issue(Caller caller, String role) {
    return issuance().issue(caller, Errand.to(role), now());
  }

  AccessRequest made(Caller caller, String role) {
    return made(caller, role, HOUR);
  }

  private AccessRequest made(Caller caller, String role, Duration duration) {
    var wish = new Wish(duration, "work " + clock.instant(), null);
    var answer = desk.make(caller, new Asking(role, wish, null, null), now());
    return ((DeskAnswer.Made) answer).request();
  }

  AccessRequest approved() {
    return approved(HOUR, bob);
  }

  AccessRequest approved(Duration duration, Caller by) {
    var request = made(alice, "asked", duration);
    assertThat(approvals.approve(by, request.id(), null, null, now()))
        .isInstanceOf(DeskAnswer.Done.class);
    return store.find(request.id()).orElseThrow();
  }

  void end(AccessRequest request, State to) {
    assertThat(store.end(new RequestStore.End(request.id(), to, bob.id(), "bob", "enough")))
        .isInstanceOf(RequestStore.Ended.Done.class);
  }

  void refused(Answer answer, IssueRefusal why) {
    assertThat(answer).isEqualTo(new Answer.Refused(why));
    assertThat(entries.entries().getLast().canonical()).contains(why.code());
  }

  void nothingWasMinted() {
    assertThat(minted).isZero();
    assertThat(entries.kinds()).doesNotContain("sealed");
  }
}

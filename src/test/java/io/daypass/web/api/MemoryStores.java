package io.daypass.web.api;

import io.daypass.identity.CallerId;
import io.daypass.identity.Identity;
import io.daypass.ledger.Entry;
import io.daypass.ledger.EntryKind;
import io.daypass.ledger.IssueRefusal;
import io.daypass.ledger.LedgerQuery;
import io.daypass.ledger.LedgerStore;
import io.daypass.ledger.MemoryLedger;
import io.daypass.ledger.RecordedGrant;
import io.daypass.ledger.WrittenEntry;
import io.daypass.request.AccessRequest;
import io.daypass.request.AccessRequest.State;
import io.daypass.request.Approval;
import io.daypass.request.NewRequest;
import io.daypass.request.Opening;
import io.daypass.request.RefusalCode;
import io.daypass.request.RequestId;
import io.daypass.request.RequestStore;
import io.daypass.request.Standing;
import io.daypass.request.StoreUnavailableException;
import io.daypass.request.Warrant;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Stores that forget when the test ends, with just enough sense for the API's tests. */
final class MemoryStores implements RequestStore, LedgerStore {

  final Map<RequestId, AccessRequest> requests = new LinkedHashMap<>();
  private final Map<NewRequest.Idempotency, RequestId> marked = new HashMap<>();
  final List<Entry> entries = new ArrayList<>();
  private final Map<CallerId, Identity> people = new LinkedHashMap<>();
  private final Set<CallerId> suspended = new HashSet<>();
  private final InstantSource clock;
  boolean down;
  private boolean stopped;
  private final Map<String, HandedOut> handedOut = new HashMap<>();
  int looks;

  /** Runs before the ledger is read, and may take its time. */
  volatile Runnable reading = () -> {};

  MemoryStores(InstantSource clock) {
    this.clock = clock;
  }

  private synchronized void check() {
    if (down) {
      throw new StoreUnavailableException(new IllegalStateException("hunter2"));
    }
  }

  @Override
  public synchronized Opened open(NewRequest wish) {
    check();
    var now = clock.instant();
    var ends = now.plus(wish.wish().duration());
    var made =
        new AccessRequest(
            wish.id(),
            1,
            wish.requester(),
            wish.role(),
            wish.wish(),
            wish.startsAt(),
            wish.basis(),
            wish.automatic() ? State.APPROVED : State.PENDING,
            new AccessRequest.Times(
                now,
                now.plus(wish.lapseAfter()),
                wish.automatic() ? now : null,
                wish.automatic() ? ends : null),
            null,
            List.of(),
            wish.extendsRequest());
    var mark = wish.idempotency();
    var before = mark == null ? null : marked.putIfAbsent(mark, made.id());
    if (before != null) {
      return new Opened.Existing(Objects.requireNonNull(requests.get(before)));
    }
    requests.put(made.id(), made);
    return new Opened.Made(made);
  }

  @Override
  public synchronized Optional<AccessRequest> find(RequestId id) {
    check();
    return Optional.ofNullable(requests.get(id));
  }

  @Override
  public synchronized List<AccessRequest> liveFor(CallerId requester, String role) {
    check();
    return requests.values().stream()
        .filter(r -> r.requester().id().equals(requester) && r.role().equals(role))
        .filter(r -> r.grantAt(clock.instant()).isPresent())
        .toList();
  }

  @Override
  public Optional<AccessRequest> openedBy(String replayKey, String role) {
    return Optional.empty();
  }

  @Override
  public synchronized List<AccessRequest> page(Query query) {
    check();
    var before = query.before();
    return requests.values().stream()
        .filter(r -> query.requester() == null || r.requester().id().equals(query.requester()))
        .filter(r -> query.status() == null || query.status() == r.statusAt(clock.instant()))
        .filter(r -> query.role() == null || query.role().equals(r.role()))
        .filter(r -> query.idStarts() == null || r.id().value().startsWith(query.idStarts()))
        .filter(r -> before == null || r.id().value().compareTo(before.id().value()) < 0)
        .sorted(Comparator.comparing((AccessRequest r) -> r.id().value()).reversed())
        .limit(query.limit())
        .toList();
  }

  @Override
  public synchronized Voted vote(Vote vote) {
    check();
    var old = Objects.requireNonNull(requests.get(vote.request()));
    var yes = vote.verdict() == Approval.Verdict.APPROVE;
    var now = clock.instant();
    var approvals = new ArrayList<>(old.approvals());
    approvals.add(
        new Approval(
            new Standing(vote.approver(), false, 1),
            null,
            vote.verdict(),
            vote.comment(),
            vote.shortenedTo(),
            vote.digest(),
            now));
    var starts = vote.completes() ? now : null;
    var state = yes ? (vote.completes() ? State.APPROVED : State.PENDING) : State.DENIED;
    var times =
        new AccessRequest.Times(
            old.times().madeAt(),
            old.times().lapsesAt(),
            starts,
            starts == null ? null : starts.plus(vote.agreed()));
    return new Voted.Counted(put(changed(old, state, times, null, approvals)));
  }

  @Override
  public synchronized Ended end(End end) {
    check();
    var old = Objects.requireNonNull(requests.get(end.request()));
    if (end.to() == State.CANCELLED && old.state() != State.PENDING) {
      return new Ended.NotPossible(RefusalCode.ALREADY_DECIDED);
    }
    if (old.state() != State.PENDING && old.state() != State.APPROVED) {
      return new Ended.NotPossible(RefusalCode.ALREADY_ENDED);
    }
    var ending = new AccessRequest.Ending(clock.instant(), end.byShown(), end.reason());
    return new Ended.Done(put(changed(old, end.to(), old.times(), ending, old.approvals())));
  }

  private AccessRequest put(AccessRequest request) {
    requests.put(request.id(), request);
    return request;
  }

  private static AccessRequest changed(
      AccessRequest old,
      State state,
      AccessRequest.Times times,
      AccessRequest.@Nullable Ending ending,
      List<Approval> approvals) {
    return new AccessRequest(
        old.id(),
        old.version() + 1,
        old.requester(),
        old.role(),
        old.wish(),
        old.startsAt(),
        old.basis(),
        state,
        times,
        ending,
        approvals,
        old.extendsRequest());
  }

  @Override
  public synchronized void remember(Identity person, Instant tokenIssuedAt) {
    check();
    people.put(person.id(), person);
  }

  @Override
  public synchronized Optional<Standing> standing(CallerId person) {
    return Optional.ofNullable(people.get(person))
        .map(known -> new Standing(known, suspended.contains(person), 1));
  }

  @Override
  public synchronized boolean suspend(CallerId person, boolean to, CallerId by, String reason) {
    check();
    return to ? suspended.add(person) : suspended.remove(person);
  }

  @Override
  public synchronized Intent intend(UUID issuance, Warrant warrant, Map<String, Object> detail) {
    check();
    return stopped
        ? new Intent.Refused(IssueRefusal.STOPPED)
        : new Intent.Written(warrant.grant().request(), clock.instant(), warrant.grant().endsAt());
  }

  @Override
  public synchronized Intent openAndIntend(
      UUID issuance, Opening opening, Map<String, Object> detail) {
    check();
    if (!(open(opening.request()) instanceof Opened.Made(var made))) {
      return new Intent.Changed();
    }
    var ends = made.times().grantEnds();
    return ends == null ? new Intent.Changed() : new Intent.Written(made, clock.instant(), ends);
  }

  @Override
  public synchronized Seal seal(RecordedGrant grant, Map<String, Object> detail) {
    check();
    handedOut.put(
        String.valueOf(detail.get("fingerprint")), new HandedOut(grant.request(), grant.endsAt()));
    return new Seal.Written();
  }

  @Override
  public void fail(RecordedGrant grant, EntryKind outcome, Map<String, Object> detail) {
    check();
  }

  @Override
  public synchronized void append(Entry entry) {
    check();
    entries.add(entry);
  }

  @Override
  public List<WrittenEntry> read(LedgerQuery query) {
    reading.run();
    return found(query);
  }

  private synchronized List<WrittenEntry> found(LedgerQuery query) {
    check();
    var written = IntStream.range(0, entries.size()).mapToObj(this::written).toList();
    var newestFirst = query.order() == LedgerQuery.Order.NEWEST_FIRST;
    var found =
        (newestFirst ? written.reversed() : written)
            .stream()
                .filter(
                    e -> newestFirst ? e.number() < query.beyond() : e.number() > query.beyond())
                .filter(e -> query.since() == null || !e.at().isBefore(query.since()))
                .filter(e -> query.role() == null || query.role().equals(e.role()))
                .filter(e -> query.caller() == null || isOf(query.caller(), e))
                .filter(e -> query.kind() == null || query.kind().equals(e.kind()))
                .filter(e -> query.request() == null || query.request().equals(e.request()));
    return MemoryLedger.page(found, query);
  }

  private static boolean isOf(String wanted, WrittenEntry entry) {
    var caller = entry.caller();
    return caller != null
        && (wanted.equals(caller.subject())
            || wanted.equals(caller.issuer() + " " + caller.subject()));
  }

  private WrittenEntry written(int place) {
    var entry = entries.get(place);
    var kind = entry.kind().code();
    var detail = new JsonObject(new HashMap<>(entry.detail()));
    return new WrittenEntry(
        place + 1,
        clock.instant(),
        kind,
        entry.request(),
        entry.issuance(),
        entry.role(),
        entry.caller(),
        new JsonObject().put("kind", kind).put("detail", detail).encode(),
        "00");
  }

  @Override
  public synchronized Optional<HandedOut> handedOut(String fingerprint) {
    check();
    looks++;
    return Optional.ofNullable(handedOut.get(fingerprint));
  }

  @Override
  public Optional<Instant> believedUntil(RequestId request) {
    return Optional.empty();
  }

  @Override
  public List<UUID> closeOrphans(Duration age) {
    return List.of();
  }

  @Override
  public synchronized boolean setStopped(boolean to, Entry entry) {
    check();
    var changed = stopped != to;
    stopped = to;
    entries.add(entry);
    return changed;
  }

  @Override
  public boolean isStopped() {
    return stopped;
  }
}

package io.daypass.cloud;

import static java.util.Objects.requireNonNull;

import io.daypass.ledger.IssueRefusal;
import io.daypass.ledger.RecordedGrant;
import io.daypass.request.AccessRequest;
import io.daypass.request.MemoryRequests;
import io.daypass.request.RequestId;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Bindings in memory, as the port promises them, over requests in memory. */
public final class MemoryBindings implements BindingStore {

  private static final class Row {
    final Binding binding;
    final RequestId root;
    final String slot;
    final @Nullable String holder;
    final Map<RequestId, Instant> grants = new HashMap<>();
    final Map<UUID, Instant> attempts = new HashMap<>();
    BindingStore.State state = BindingStore.State.RECORDED;
    Instant madeAt = Instant.MIN;
    Instant tokensUntil = Instant.MIN;
    Instant nextTry = Instant.MIN;
    Instant claimedAt = Instant.MIN;
    Instant claimedUntil = Instant.MIN;
    @Nullable UUID claim;
    @Nullable Instant replacedAt;
    @Nullable Instant removedAt;
    boolean ending;
    boolean alarmed;
    int tries;

    Row(Binding binding, RequestId root, String slot, @Nullable String holder) {
      this.binding = binding;
      this.root = root;
      this.slot = slot;
      this.holder = holder;
    }

    boolean gone() {
      return state == BindingStore.State.REMOVED;
    }
  }

  private final MemoryRequests requests;
  private final InstantSource clock;
  private final Map<UUID, Row> rows = new LinkedHashMap<>();
  private final Map<String, Instant> unbound = new HashMap<>();
  private final List<String> entries = new ArrayList<>();

  public MemoryBindings(MemoryRequests requests, InstantSource clock) {
    this.requests = requests;
    this.clock = clock;
  }

  /** The kinds of the ledger's entries that stand for what happened here. */
  public synchronized List<String> entries() {
    return List.copyOf(entries);
  }

  @Override
  public synchronized Held hold(RecordedGrant grant, WantedBinding wanted, Duration attempt) {
    var now = clock.instant();
    var over = over(grant.request(), grant.endsAt(), now);
    if (over != null) {
      return new Held.Over(over);
    }
    var root = root(grant.request());
    var open =
        rows.values().stream()
            .filter(row -> row.root.equals(root) && row.slot.equals(wanted.slot()))
            .filter(row -> row.binding.cloud().equals(wanted.cloud()))
            .filter(row -> !row.gone() && !row.ending && row.replacedAt == null)
            .toList();
    var kept = open.stream().filter(row -> isIn(row, wanted)).findFirst();
    open.stream().filter(row -> row != kept.orElse(null)).forEach(row -> row.replacedAt = now);
    Instant free = null;
    var row = kept.orElse(null);
    if (row == null) {
      for (var place : wanted.anyOf()) {
        var busy = busyUntil(place.holder(), root, now);
        if (busy.isEmpty()) {
          row = add(grant, root, wanted, place);
          break;
        }
        free = free == null || busy.get().isBefore(free) ? busy.get() : free;
      }
    }
    if (row == null) {
      var soon = now.plusSeconds(2);
      return new Held.Busy(free == null || free.isBefore(soon) ? soon : free);
    }
    row.grants.merge(grant.request(), grant.endsAt(), MemoryBindings::later);
    var made = row.state == BindingStore.State.MADE;
    if (!made) {
      row.attempts.put(grant.issuance(), now.plus(attempt));
    }
    return new Held.Ready(row.binding, made);
  }

  private static boolean isIn(Row row, WantedBinding wanted) {
    return wanted.anyOf().stream()
        .anyMatch(place ->
            place.coordinates().equals(row.binding.place())
                && java.util.Objects.equals(place.holder(), row.holder));
  }

  private Row add(
      RecordedGrant grant, RequestId root, WantedBinding wanted, WantedBinding.Place place) {
    var binding =
        new Binding(
            UUID.randomUUID(),
            grant.request(),
            grant.role().name(),
            wanted.cloud(),
            place.coordinates());
    var row = new Row(binding, root, wanted.slot(), place.holder());
    rows.put(binding.id(), row);
    entries.add("binding_intended");
    return row;
  }

  private Optional<Instant> busyUntil(@Nullable String holder, RequestId root, Instant now) {
    var bound =
        rows.values().stream()
            .filter(row -> holder != null && holder.equals(row.holder))
            .filter(row -> !row.gone() || (!row.root.equals(root) && row.tokensUntil.isAfter(now)))
            .map(row -> row.root.equals(root) ? now : later(row.tokensUntil, end(row)));
    var free = Optional.ofNullable(unbound.get(holder)).filter(until -> until.isAfter(now));
    return Stream.concat(bound, free.stream()).max(Comparator.naturalOrder());
  }

  @Override
  public synchronized boolean servesUnbound(String holder, Instant tokensUntil) {
    if (rows.values().stream().anyMatch(row -> holder.equals(row.holder) && !row.gone())) {
      return false;
    }
    unbound.merge(holder, tokensUntil, MemoryBindings::later);
    return true;
  }

  @Override
  public synchronized @Nullable IssueRefusal made(
      Binding binding, RecordedGrant grant, Instant tokensUntil, Duration settle) {
    var now = clock.instant();
    var row = rows.get(binding.id());
    if (row == null) {
      return IssueRefusal.CLOSED;
    }
    if (row.attempts.containsKey(grant.issuance())) {
      row.attempts.put(grant.issuance(), now.plus(settle));
      row.madeAt = now;
    }
    var wasGone = row.gone();
    if (row.state != BindingStore.State.MADE) {
      row.state = BindingStore.State.MADE;
      row.madeAt = now;
      entries.add("binding_made");
    }
    var until = row.grants.getOrDefault(grant.request(), Instant.MIN);
    var why = over(grant.request(), until, now);
    if (why == null && (row.ending || row.replacedAt != null || wasGone)) {
      why = IssueRefusal.CLOSED;
    }
    if (why == null) {
      row.tokensUntil = later(row.tokensUntil, tokensUntil);
    } else {
      row.nextTry = now;
    }
    return why;
  }

  @Override
  public synchronized void notMade(Binding binding, RecordedGrant grant) {
    row(binding).attempts.remove(grant.issuance());
  }

  @Override
  public synchronized List<Claimed> claimDue(int limit, Duration lease, Duration lead) {
    var now = clock.instant();
    var claimed = new ArrayList<Claimed>();
    for (var row : rows.values()) {
      var due = row.ending || !end(row).isAfter(now.plus(lead));
      if (claimed.size() < limit
          && !row.gone()
          && due
          && !row.nextTry.isAfter(now)
          && !row.claimedUntil.isAfter(now)) {
        row.ending = true;
        row.tries++;
        row.claim = UUID.randomUUID();
        row.claimedAt = now;
        row.claimedUntil = now.plus(lease);
        claimed.add(new Claimed(row.binding, row.claim, end(row), row.tries));
      }
    }
    return claimed;
  }

  @Override
  public synchronized boolean removed(Claimed claimed) {
    var row = row(claimed.binding());
    if (!claimed.claim().equals(row.claim)) {
      return false;
    }
    row.claim = null;
    row.claimedUntil = Instant.MIN;
    var last =
        row.attempts.values().stream()
            .filter(until -> until.isAfter(row.claimedAt))
            .max(Comparator.naturalOrder());
    if (last.isPresent() || row.madeAt.isAfter(row.claimedAt)) {
      row.tries = 0;
      row.nextTry =
          row.nextTry.isAfter(row.claimedAt) ? row.nextTry : last.orElseGet(clock::instant);
      return false;
    }
    row.state = BindingStore.State.REMOVED;
    row.removedAt = clock.instant();
    entries.add("binding_removed");
    return true;
  }

  @Override
  public synchronized boolean kept(
      Claimed claimed, String code, Duration pause, Patience patience) {
    var row = row(claimed.binding());
    if (!claimed.claim().equals(row.claim)) {
      return false;
    }
    var now = clock.instant();
    row.claim = null;
    row.claimedUntil = Instant.MIN;
    row.nextTry = now.plus(pause);
    var alarm =
        !row.alarmed
            && (row.tries >= patience.tries() || !end(row).plus(patience.time()).isAfter(now));
    if (alarm) {
      row.alarmed = true;
      entries.add("binding_stuck");
    }
    return alarm;
  }

  @Override
  public synchronized List<Standing> of(RequestId request) {
    return rows.values().stream()
        .filter(row -> row.grants.containsKey(request))
        .map(row ->
            new Standing(
                row.binding,
                row.state,
                end(row),
                row.gone() ? row.removedAt : null,
                !row.gone() && row.alarmed))
        .toList();
  }

  @Override
  public synchronized Set<UUID> known(Set<UUID> bindings, Duration lately) {
    var limit = clock.instant().minus(lately);
    return rows.values().stream()
        .filter(row -> !row.gone() || requireNonNull(row.removedAt).isAfter(limit))
        .map(row -> row.binding.id())
        .filter(bindings::contains)
        .collect(Collectors.toSet());
  }

  @Override
  public synchronized int overdue(Duration grace) {
    var limit = clock.instant().minus(grace);
    return (int)
        rows.values().stream().filter(row -> !row.gone() && end(row).isBefore(limit)).count();
  }

  private Row row(Binding binding) {
    return requireNonNull(rows.get(binding.id()));
  }

  private Instant end(Row row) {
    var last =
        row.grants.entrySet().stream()
            .map(grant -> end(row, grant.getKey(), grant.getValue()))
            .max(Comparator.naturalOrder())
            .orElse(Instant.MIN);
    return row.replacedAt != null && row.replacedAt.isBefore(last) ? row.replacedAt : last;
  }

  /** Of {@code request}, and of what extends it without a gap, until that is used or not. */
  private Instant end(Row row, RequestId request, Instant until) {
    var own = end(request(request), until);
    return requests.extending(request).stream()
        .filter(more -> more.state() == AccessRequest.State.APPROVED)
        .filter(more -> !row.grants.containsKey(more.id()))
        .filter(more -> !requireNonNull(more.times().grantStarts()).isAfter(own))
        .map(more -> end(more, own.plus(Duration.ofMinutes(5))))
        .reduce(own, MemoryBindings::later);
  }

  private static Instant end(AccessRequest request, Instant until) {
    var ended = request.ending();
    if (ended != null) {
      return earlier(until, ended.at());
    }
    var agreed = request.times().grantEnds();
    return agreed == null ? Instant.MIN : earlier(until, agreed);
  }

  private @Nullable IssueRefusal over(RequestId id, Instant until, Instant now) {
    var request = request(id);
    if (request.state() == AccessRequest.State.REVOKED) {
      return IssueRefusal.GRANT_REVOKED;
    }
    if (request.state() == AccessRequest.State.RETURNED) {
      return IssueRefusal.GRANT_RETURNED;
    }
    return end(request, until).isAfter(now) ? null : IssueRefusal.GRANT_ENDED;
  }

  private RequestId root(RequestId id) {
    var before = request(id).extendsRequest();
    return before == null ? id : root(before);
  }

  private AccessRequest request(RequestId id) {
    return requests.find(id).orElseThrow();
  }

  private static Instant later(Instant one, Instant other) {
    return one.isAfter(other) ? one : other;
  }

  private static Instant earlier(Instant one, Instant other) {
    return one.isBefore(other) ? one : other;
  }
}

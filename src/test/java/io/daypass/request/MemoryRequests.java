package io.daypass.request;

import static java.util.Objects.requireNonNull;

import io.daypass.identity.CallerId;
import io.daypass.identity.Identity;
import io.daypass.identity.SignInClaims;
import io.daypass.request.AccessRequest.Ending;
import io.daypass.request.AccessRequest.State;
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
import org.jspecify.annotations.Nullable;

/** Requests in memory, as the port promises them; one lock stands for the database's. */
public final class MemoryRequests implements RequestStore {

  private record TokenUsed(String key, String scope) {}

  private record Call(CallerId requester, String key) {}

  private record Done(RequestId request, String digest) {}

  private final InstantSource clock;
  private final OpenLimits open;
  private final Map<RequestId, AccessRequest> requests = new LinkedHashMap<>();
  private final Map<RequestId, List<RequestId>> extensions = new HashMap<>();
  private final Map<TokenUsed, RequestId> tokens = new HashMap<>();
  private final Map<RequestId, String> openers = new HashMap<>();
  private final Map<Call, Done> calls = new HashMap<>();
  private final MemoryPeople people = new MemoryPeople();
  private boolean down;

  /** What happens in the moment after a request was read and before it is changed. */
  private Runnable meanwhile = () -> {};

  public MemoryRequests(InstantSource clock, int openLimit) {
    this(clock, new OpenLimits(openLimit, openLimit));
  }

  public MemoryRequests(InstantSource clock, OpenLimits open) {
    this.clock = clock;
    this.open = open;
  }

  public synchronized void setDown(boolean isDown) {
    down = isDown;
  }

  public synchronized void setMeanwhile(Runnable happening) {
    meanwhile = happening;
  }

  private void reach() {
    if (down) {
      throw new StoreUnavailableException(new IllegalStateException("down"));
    }
  }

  @Override
  public synchronized Opened open(NewRequest request) {
    reach();
    var now = clock.instant();
    var extended = request.extendsRequest();
    if (extended != null && now(extended).statusAt(now) != AccessRequest.Status.APPROVED) {
      return new Opened.NothingToExtend();
    }
    var call = request.idempotency();
    var key = call == null ? null : new Call(request.requester().id(), call.key());
    if (call != null && calls.containsKey(key)) {
      var done = calls.get(key);
      return done.digest().equals(call.digest())
          ? new Opened.Existing(now(done.request()))
          : new Opened.KeyReused();
    }
    if (!request.automatic()) {
      var waiting = openOf(request.requester().id(), now);
      var same = waiting.stream().filter(r -> isSame(r, request)).findFirst();
      if (same.isPresent()) {
        return new Opened.Existing(now(same.get().id()));
      }
      if (waiting.size() >= open.of(request.requester().kind())) {
        return new Opened.TooManyOpen();
      }
    }
    var opener = request.opener();
    if (opener != null) {
      var used = new TokenUsed(opener.replayKey(), opener.singleUse() ? "" : request.role());
      var before = tokens.get(used);
      if (before != null
          && (opener.singleUse()
              || !(hasRunOut(now(before), now) || continues(request, now(before), now)))) {
        return opener.singleUse()
            ? new Opened.TokenAlreadyUsed()
            : new Opened.Existing(now(before));
      }
      tokens.put(used, request.id());
      openers.put(request.id(), opener.replayKey());
    }
    if (call != null) {
      calls.put(key, new Done(request.id(), call.digest()));
    }
    requests.put(request.id(), RequestVersions.made(request, now));
    if (extended != null) {
      extensions.computeIfAbsent(extended, _ -> new ArrayList<>()).add(request.id());
    }
    return new Opened.Made(now(request.id()));
  }

  /** What extends {@code id} itself. */
  public synchronized List<AccessRequest> extending(RequestId id) {
    return extensions.getOrDefault(id, List.of()).stream().map(this::now).toList();
  }

  private List<AccessRequest> openOf(CallerId requester, Instant now) {
    return requests.values().stream()
        .filter(r -> r.requester().id().equals(requester))
        .filter(r -> r.statusAt(now) == AccessRequest.Status.PENDING)
        .toList();
  }

  private static boolean isSame(AccessRequest pending, NewRequest request) {
    return request.opener() == null
        && pending.basis().digest().equals(request.basis().digest())
        && java.util.Objects.equals(pending.extendsRequest(), request.extendsRequest());
  }

  private static boolean continues(NewRequest request, AccessRequest before, Instant now) {
    return request.automatic()
        && request.startsAt() == null
        && request.idempotency() == null
        && before.id().equals(request.extendsRequest())
        && before.requester().id().equals(request.requester().id())
        && before.grantAt(now).filter(grant -> grant.isAboutToEnd(now)).isPresent();
  }

  private static boolean hasRunOut(AccessRequest request, Instant now) {
    var status = request.statusAt(now);
    return status == AccessRequest.Status.ENDED || status == AccessRequest.Status.LAPSED;
  }

  /** The request with its approvers as they stand now. */
  public synchronized AccessRequest now(RequestId id) {
    var request = requireNonNull(requests.get(id));
    var approvals =
        request.approvals().stream()
            .map(a ->
                new Approval(
                    people.known(a.approver().identity().id()),
                    a.signIn(),
                    a.verdict(),
                    a.comment(),
                    a.shortenedTo(),
                    a.digest(),
                    a.at()))
            .toList();
    return RequestVersions.with(
        request, request.version(), request.state(), request.times(), request.ending(), approvals);
  }

  @Override
  public synchronized Optional<AccessRequest> find(RequestId id) {
    reach();
    return requests.containsKey(id) ? Optional.of(now(id)) : Optional.empty();
  }

  @Override
  public synchronized List<AccessRequest> liveFor(CallerId requester, String role) {
    reach();
    var at = clock.instant();
    return requests.values().stream()
        .filter(r -> r.requester().id().equals(requester) && r.role().equals(role))
        .filter(r -> r.grantAt(at).isPresent())
        .sorted(Comparator.comparing((AccessRequest r) -> r.times().grantEnds()).reversed())
        .map(r -> now(r.id()))
        .toList();
  }

  @Override
  public synchronized Optional<AccessRequest> openedBy(String replayKey, String role) {
    reach();
    return Optional.ofNullable(tokens.get(new TokenUsed(replayKey, role))).map(this::now);
  }

  @Override
  public synchronized List<AccessRequest> page(Query query) {
    reach();
    return new MemoryPages(clock.instant()).page(requests.keySet().stream().map(this::now), query);
  }

  @Override
  public Voted vote(Vote vote) {
    meanwhile.run();
    synchronized (this) {
      reach();
      var at = clock.instant();
      var request = now(vote.request());
      var refusal = refusal(vote, request, at);
      if (refusal != null) {
        return new Voted.NotPossible(refusal);
      }
      if (request.version() != vote.expectedVersion()
          || !request.basis().digest().equals(vote.digest())) {
        return new Voted.Changed();
      }
      var who = people.known(vote.approver().id());
      if (who.suspended()) {
        return new Voted.NotPossible(RefusalCode.SUSPENDED);
      }
      var approvals = new ArrayList<>(request.approvals());
      approvals.add(
          new Approval(
              who,
              SignInClaims.of(vote.approver()),
              vote.verdict(),
              vote.comment(),
              vote.shortenedTo(),
              vote.digest(),
              at));
      requests.put(request.id(), RequestVersions.counted(request, vote, approvals, at));
      return new Voted.Counted(now(request.id()));
    }
  }

  private static @Nullable RefusalCode refusal(Vote vote, AccessRequest request, Instant at) {
    if (request.requester().id().equals(vote.approver().id())) {
      return RefusalCode.SELF_APPROVAL;
    }
    if (request.approvals().stream()
        .anyMatch(a -> a.approver().identity().id().equals(vote.approver().id()))) {
      return RefusalCode.ALREADY_VOTED;
    }
    return switch (request.statusAt(at)) {
      case PENDING -> null;
      case LAPSED -> RefusalCode.LAPSED;
      case APPROVED, ENDED, DENIED, CANCELLED, RETURNED, REVOKED -> RefusalCode.ALREADY_DECIDED;
    };
  }

  @Override
  public Ended end(End end) {
    meanwhile.run();
    synchronized (this) {
      reach();
      var at = clock.instant();
      var request = now(end.request());
      var continued = continuedBy(request, at);
      if (continued.isPresent() && end.to() != State.CANCELLED) {
        end(new End(continued.get(), end.to(), end.by(), end.byShown(), end.reason()));
        return new Ended.Done(now(request.id()));
      }
      var status = request.statusAt(at);
      var pending = status == AccessRequest.Status.PENDING;
      if (end.to() == State.CANCELLED && !pending) {
        return new Ended.NotPossible(RefusalCode.ALREADY_DECIDED);
      }
      if (!pending && status != AccessRequest.Status.APPROVED) {
        return endExtensions(end)
            ? new Ended.Done(request)
            : new Ended.NotPossible(RefusalCode.ALREADY_ENDED);
      }
      if (pending && end.to() == State.RETURNED) {
        return new Ended.NotPossible(RefusalCode.NOT_APPROVED);
      }
      var ending = new Ending(at, end.byShown(), end.reason());
      requests.put(
          request.id(),
          RequestVersions.with(
              request,
              request.version() + 1,
              end.to(),
              request.times(),
              ending,
              request.approvals()));
      endExtensions(end);
      return new Ended.Done(now(request.id()));
    }
  }

  /** The machine's live grant that {@code request} continues by itself. */
  private Optional<RequestId> continuedBy(AccessRequest request, Instant at) {
    var extended = Optional.ofNullable(request.extendsRequest());
    return openers.containsKey(request.id())
        ? extended
            .filter(id -> openers.get(request.id()).equals(openers.get(id)))
            .filter(id -> now(id).statusAt(at) == AccessRequest.Status.APPROVED)
        : Optional.empty();
  }

  private boolean endExtensions(End end) {
    var any = false;
    for (var more : List.copyOf(requests.values())) {
      if (end.request().equals(more.extendsRequest())) {
        var returnedWhilePending =
            end.to() == State.RETURNED
                && more.statusAt(clock.instant()) == AccessRequest.Status.PENDING;
        var to = returnedWhilePending ? State.CANCELLED : end.to();
        any |=
            end(new End(more.id(), to, end.by(), end.byShown(), end.reason()))
                instanceof Ended.Done;
      }
    }
    return any;
  }

  @Override
  public synchronized void remember(Identity person, Instant tokenIssuedAt) {
    reach();
    people.remember(person, tokenIssuedAt);
  }

  @Override
  public synchronized Optional<Standing> standing(CallerId person) {
    reach();
    return people.standing(person);
  }

  @Override
  public synchronized boolean suspend(
      CallerId person, boolean suspended, CallerId by, String reason) {
    reach();
    return people.suspend(person, suspended);
  }

  /** Makes a request older than it is. */
  public synchronized void age(RequestId id, Duration by) {
    requests.put(id, RequestVersions.older(requireNonNull(requests.get(id)), by));
  }
}

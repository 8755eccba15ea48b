package io.daypass.ledger;

import static java.util.stream.Collectors.joining;

import io.daypass.identity.CallerId;
import io.daypass.request.AccessRequest;
import io.daypass.request.MemoryRequests;
import io.daypass.request.Opening;
import io.daypass.request.RequestId;
import io.daypass.request.RequestStore.Opened;
import io.daypass.request.StoreUnavailableException;
import io.daypass.request.Warrant;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A ledger in memory, as the port promises it, over requests in memory. */
public final class MemoryLedger implements LedgerStore {

  private static final Pattern BELIEVED =
      Pattern.compile("\"(?:lives_until|expires_at)\": \"([^\"]+)\"");
  private static final Pattern EXPIRES = Pattern.compile("\"expires_at\": \"([^\"]+)\"");
  private static final List<String> OUTCOMES = List.of("sealed", "failed", "unknown", "orphaned");

  private final MemoryRequests requests;
  private final InstantSource clock;
  private final List<WrittenEntry> entries = new ArrayList<>();
  private Predicate<String> breaksAt = _ -> false;
  private boolean stopped;

  public MemoryLedger(MemoryRequests requests, InstantSource clock) {
    this.requests = requests;
    this.clock = clock;
  }

  /** Entries of these kinds cannot be written; {@code any} stands for all. */
  public synchronized void breakAt(String... kinds) {
    var broken = List.of(kinds);
    breaksAt = kind -> broken.contains(kind) || broken.contains("any");
  }

  public synchronized List<WrittenEntry> entries() {
    return List.copyOf(entries);
  }

  public synchronized List<String> kinds() {
    return entries.stream().map(WrittenEntry::kind).toList();
  }

  @Override
  public Intent intend(UUID issuance, Warrant warrant, Map<String, Object> detail) {
    synchronized (requests) {
      var judged = warrant.grant().request();
      var now = requests.now(judged.id());
      var changed = now.version() != judged.version() || !versions(now).equals(versions(judged));
      if (changed) {
        return new Intent.Changed();
      }
      var at = clock.instant();
      var ends = warrant.endsAt();
      var starts = now.times().grantStarts();
      var why =
          stopped
              ? IssueRefusal.STOPPED
              : starts != null && at.isBefore(starts)
                  ? IssueRefusal.GRANT_NOT_STARTED
                  : !at.isBefore(ends) || now.grantAt(at).isEmpty()
                      ? IssueRefusal.GRANT_ENDED
                      : null;
      var requester = now.requester().id();
      if (why != null) {
        write("refused", now.id(), null, now.role(), requester, with(detail, why));
        return new Intent.Refused(why);
      }
      write("intent", now.id(), issuance, now.role(), requester, detail);
      return new Intent.Written(now, at, ends);
    }
  }

  private static List<Long> versions(AccessRequest request) {
    return request.approvals().stream().map(a -> a.approver().version()).toList();
  }

  private static Map<String, Object> with(Map<String, Object> detail, IssueRefusal why) {
    var all = new TreeMap<>(detail);
    all.put("code", why.code());
    return all;
  }

  @Override
  public Intent openAndIntend(UUID issuance, Opening opening, Map<String, Object> detail) {
    synchronized (requests) {
      reach("intent");
      var wanted = opening.request();
      var requester = wanted.requester().id();
      if (stopped) {
        var why = IssueRefusal.STOPPED;
        write("refused", null, null, wanted.role(), requester, with(detail, why));
        return new Intent.Refused(why);
      }
      return switch (requests.open(wanted)) {
        case Opened.Made(var made) -> {
          var at = clock.instant();
          write("request_made", made.id(), null, made.role(), requester, Map.of());
          write("decided_by_rule", made.id(), null, made.role(), requester, Map.of());
          write("intent", made.id(), issuance, made.role(), requester, detail);
          var ends = made.times().grantEnds();
          if (ends == null) {
            throw new AssertionError("an automatic request has a grant");
          }
          yield new Intent.Written(made, at, ends);
        }
        case Opened.Existing _, Opened.NothingToExtend _ -> new Intent.Changed();
        case Opened.TokenAlreadyUsed _ -> {
          var why = IssueRefusal.TOKEN_ALREADY_USED;
          write("refused", null, null, wanted.role(), requester, with(detail, why));
          yield new Intent.Refused(why);
        }
        case Opened.KeyReused _, Opened.TooManyOpen _ ->
            throw new AssertionError("an opening has no key and no limit");
      };
    }
  }

  @Override
  public Seal seal(RecordedGrant grant, Map<String, Object> detail) {
    synchronized (requests) {
      reach("sealed");
      var at = clock.instant();
      if (!has(grant.issuance(), List.of("intent")) || has(grant.issuance(), OUTCOMES)) {
        return new Seal.Withdrawn(IssueRefusal.CLOSED);
      }
      var request = requests.now(grant.request());
      var why =
          switch (request.state()) {
            case REVOKED -> IssueRefusal.GRANT_REVOKED;
            case RETURNED -> IssueRefusal.GRANT_RETURNED;
            case APPROVED ->
                at.isBefore(grant.endsAt()) && request.grantAt(at).isPresent()
                    ? null
                    : IssueRefusal.GRANT_ENDED;
            case PENDING, DENIED, CANCELLED -> IssueRefusal.GRANT_ENDED;
          };
      why = stopped ? IssueRefusal.STOPPED : why;
      if (why != null) {
        outcome("unknown", grant, with(detail, why));
        return new Seal.Withdrawn(why);
      }
      outcome("sealed", grant, detail);
      return new Seal.Written();
    }
  }

  private void outcome(String kind, RecordedGrant grant, Map<String, Object> detail) {
    write(
        kind,
        grant.request(),
        grant.issuance(),
        grant.role().name(),
        grant.requester().id(),
        detail);
  }

  private boolean has(UUID issuance, List<String> kinds) {
    return entries.stream()
        .anyMatch(e -> issuance.equals(e.issuance()) && kinds.contains(e.kind()));
  }

  @Override
  public void fail(RecordedGrant grant, EntryKind outcome, Map<String, Object> detail) {
    synchronized (requests) {
      if (!has(grant.issuance(), OUTCOMES)) {
        outcome(outcome.code(), grant, detail);
      }
    }
  }

  @Override
  public void append(Entry e) {
    write(e.kind().code(), e.request(), e.issuance(), e.role(), e.caller(), e.detail());
  }

  private void reach(String kind) {
    if (breaksAt.test(kind)) {
      throw new StoreUnavailableException(new IllegalStateException("cannot write " + kind));
    }
  }

  private synchronized void write(
      String kind,
      @Nullable RequestId request,
      @Nullable UUID issuance,
      @Nullable String role,
      @Nullable CallerId caller,
      Map<String, Object> detail) {
    reach(kind);
    var at = clock.instant();
    var number = entries.size() + 1;
    var canonical =
        "{\"number\": %d, \"kind\": \"%s\", \"at\": \"%s\", \"detail\": {%s}}"
            .formatted(
                number,
                kind,
                at,
                new TreeMap<>(detail)
                    .entrySet().stream()
                        .map(d -> "\"" + d.getKey() + "\": \"" + d.getValue() + "\"")
                        .collect(joining(", ")));
    entries.add(
        new WrittenEntry(
            number, at, kind, request, issuance, role, caller, canonical, sha256(canonical)));
  }

  private static String sha256(String text) {
    try {
      var digest = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(digest.digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public synchronized Optional<HandedOut> handedOut(String fingerprint) {
    return entries.reversed().stream()
        .filter(entry -> entry.kind().equals("sealed"))
        .filter(entry -> entry.canonical().contains(fingerprint))
        .flatMap(entry ->
            Stream.ofNullable(entry.request())
                .map(request -> new HandedOut(request, expiry(entry.canonical()))))
        .findFirst();
  }

  private static Instant expiry(String canonical) {
    var found = EXPIRES.matcher(canonical);
    if (!found.find()) {
      throw new AssertionError("a seal says when its credential ends");
    }
    return Instant.parse(found.group(1));
  }

  @Override
  public synchronized Optional<Instant> believedUntil(RequestId request) {
    return entries.stream()
        .filter(entry -> entry.kind().equals("sealed") && request.equals(entry.request()))
        .map(entry -> BELIEVED.matcher(entry.canonical()))
        .flatMap(Matcher::results)
        .map(found -> Instant.parse(found.group(1)))
        .max(Comparator.naturalOrder());
  }

  @Override
  public synchronized List<WrittenEntry> read(LedgerQuery query) {
    var newestFirst = query.order() == LedgerQuery.Order.NEWEST_FIRST;
    var found =
        (newestFirst ? entries.reversed() : entries)
            .stream()
                .filter(
                    e -> newestFirst ? e.number() < query.beyond() : e.number() > query.beyond())
                .filter(e -> query.since() == null || !e.at().isBefore(query.since()))
                .filter(e -> query.role() == null || query.role().equals(e.role()))
                .filter(e -> query.kind() == null || query.kind().equals(e.kind()))
                .filter(e -> query.request() == null || query.request().equals(e.request()))
                .filter(e -> query.caller() == null || is(query.caller(), e.caller()));
    return page(found, query);
  }

  /** As many of {@code found} as a page has. */
  public static List<WrittenEntry> page(Stream<WrittenEntry> found, LedgerQuery query) {
    var page = new ArrayList<WrittenEntry>();
    var rest = found.iterator();
    var bytes = 0L;
    while (rest.hasNext() && page.size() < query.limit() && bytes < LedgerQuery.BYTES) {
      page.add(rest.next());
      bytes += page.getLast().bytes();
    }
    return page;
  }

  private static boolean is(String wanted, @Nullable CallerId caller) {
    return caller != null
        && (wanted.equals(caller.subject())
            || wanted.equals(caller.issuer() + " " + caller.subject()));
  }

  @Override
  public List<UUID> closeOrphans(Duration age) {
    synchronized (requests) {
      var old = clock.instant().minus(age);
      var orphans =
          entries.stream()
              .filter(e -> e.kind().equals("intent") && e.at().isBefore(old))
              .filter(e -> !has(issuance(e), OUTCOMES))
              .toList();
      for (var e : orphans) {
        write("orphaned", e.request(), e.issuance(), e.role(), e.caller(), Map.of());
      }
      return orphans.stream().map(MemoryLedger::issuance).toList();
    }
  }

  private static UUID issuance(WrittenEntry entry) {
    var issuance = entry.issuance();
    if (issuance == null) {
      throw new AssertionError("an intent names its issuance");
    }
    return issuance;
  }

  @Override
  public boolean setStopped(boolean wanted, Entry entry) {
    synchronized (requests) {
      if (stopped == wanted) {
        return false;
      }
      stopped = wanted;
      append(entry);
      return true;
    }
  }

  @Override
  public boolean isStopped() {
    synchronized (requests) {
      return stopped;
    }
  }
}

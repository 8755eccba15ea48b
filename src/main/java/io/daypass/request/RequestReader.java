package io.daypass.request;

import io.daypass.identity.Caller;
import io.daypass.policy.Circumstances;
import io.daypass.request.AccessRequest.Status;
import io.daypass.request.RequestStore.Position;
import io.daypass.request.RequestStore.Query;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Shows requests to those who may see them: their requester, those who may decide or have decided
 * on them, auditors and administrators. To everybody else they do not exist.
 */
public final class RequestReader {

  private static final int SCAN = 200;

  private final RequestStore store;
  private final ApprovalDesk approvals;
  private final Offices offices;

  public RequestReader(RequestStore store, ApprovalDesk approvals, Offices offices) {
    this.store = store;
    this.approvals = approvals;
    this.offices = offices;
  }

  /**
   * Which requests somebody wants to see.
   *
   * @param mine only their own
   * @param toDecide only those that wait for their decision
   * @param idStarts how their ids start; null for any
   * @param before the end of the page before; null for the first page
   */
  public record Filter(
      @Nullable Status status,
      @Nullable String role,
      boolean mine,
      boolean toDecide,
      @Nullable String idStarts,
      @Nullable Position before,
      int limit) {

    /** Whatever their ids. */
    public Filter(
        @Nullable Status status,
        @Nullable String role,
        boolean mine,
        boolean toDecide,
        @Nullable Position before,
        int limit) {
      this(status, role, mine, toDecide, null, before, limit);
    }
  }

  /**
   * Some requests, newest first.
   *
   * @param next where the next page begins; null if there is none
   */
  public record Page(List<AccessRequest> requests, @Nullable Position next) {
    public Page {
      requests = List.copyOf(requests);
    }
  }

  public Optional<AccessRequest> find(Caller viewer, RequestId id, Circumstances now) {
    var mayDecide = approvals.mayDecide(viewer, now.now());
    return store.find(id).filter(request -> maySee(viewer, request, mayDecide, now.now()));
  }

  public Page list(Caller viewer, Filter filter, Circumstances now) {
    if (filter.toDecide() && filter.status() != null && filter.status() != Status.PENDING) {
      // What is decided waits for nobody.
      return new Page(List.of(), null);
    }
    var all = offices.isAuditor(viewer.identity(), now.now()) || isAdministrator(viewer, now);
    var ownOnly = filter.mine() || (!all && !viewer.isHuman());
    var requester = ownOnly ? viewer.id() : null;
    var involving = all ? null : viewer.id();
    var status = filter.toDecide() ? Status.PENDING : filter.status();
    var mayDecide = approvals.mayDecide(viewer, now.now());
    var shown = new ArrayList<AccessRequest>();
    var before = filter.before();
    while (true) {
      var scanned =
          store.page(
              new Query(
                  requester, involving, filter.role(), status, filter.idStarts(), before, SCAN));
      for (var request : scanned) {
        before = new Position(request.times().madeAt(), request.id());
        if (wanted(viewer, request, filter, mayDecide, now.now())) {
          shown.add(request);
          if (shown.size() == filter.limit()) {
            return new Page(shown, before);
          }
        }
      }
      if (scanned.size() < SCAN) {
        return new Page(shown, null);
      }
    }
  }

  /** Whether {@code caller} may end {@code request} for good, if it has not ended. */
  public boolean mayRevoke(Caller caller, AccessRequest request, Circumstances now) {
    return request.isOf(caller)
        || hasDecided(caller, request)
        || (isAdministrator(caller, now) && !store.isSuspended(caller.id()));
  }

  private boolean isAdministrator(Caller caller, Circumstances now) {
    return offices.isAdministrator(caller.identity(), now.now());
  }

  private boolean wanted(
      Caller viewer,
      AccessRequest request,
      Filter filter,
      Predicate<AccessRequest> mayDecide,
      Instant now) {
    return filter.toDecide()
        ? !hasDecided(viewer, request) && mayDecide.test(request)
        : maySee(viewer, request, mayDecide, now);
  }

  private boolean maySee(
      Caller viewer, AccessRequest request, Predicate<AccessRequest> mayDecide, Instant now) {
    return request.isOf(viewer)
        || hasDecided(viewer, request)
        || offices.isAuditor(viewer.identity(), now)
        || offices.isAdministrator(viewer.identity(), now)
        || mayDecide.test(request);
  }

  /** Whether {@code caller} has said yes or no to {@code request}. */
  public static boolean hasDecided(Caller caller, AccessRequest request) {
    return request.approvals().stream()
        .anyMatch(approval -> approval.approver().identity().id().equals(caller.id()));
  }
}

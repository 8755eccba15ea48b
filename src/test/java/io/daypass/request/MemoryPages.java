package io.daypass.request;

import io.daypass.request.RequestStore.Query;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Which requests a page has, by how they stand {@code at} that time. */
record MemoryPages(Instant at) {

  List<AccessRequest> page(Stream<AccessRequest> all, Query query) {
    var newest =
        Comparator.<AccessRequest, Instant>comparing(r -> r.times().madeAt())
            .thenComparing(r -> r.id().value())
            .reversed();
    return all.filter(r -> wanted(r, query)).sorted(newest).limit(query.limit()).toList();
  }

  private boolean wanted(AccessRequest r, Query query) {
    var involving = query.involving();
    var before = query.before();
    var starts = query.idStarts();
    return (starts == null || r.id().value().startsWith(starts))
        && (query.requester() == null || r.requester().id().equals(query.requester()))
        && (query.role() == null || r.role().equals(query.role()))
        && (query.status() == null || r.statusAt(at) == query.status())
        && (involving == null
            || r.statusAt(at) == AccessRequest.Status.PENDING
            || r.requester().id().equals(involving)
            || r.approvals().stream().anyMatch(a -> a.approver().identity().id().equals(involving)))
        && (before == null
            || r.times().madeAt().isBefore(before.madeAt())
            || (r.times().madeAt().equals(before.madeAt())
                && r.id().value().compareTo(before.id().value()) < 0));
  }
}

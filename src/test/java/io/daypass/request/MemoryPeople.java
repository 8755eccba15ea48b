package io.daypass.request;

import static java.util.Objects.requireNonNull;

import io.daypass.identity.CallerId;
import io.daypass.identity.Identity;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** How people stand, in memory; the lock is that of the requests. */
final class MemoryPeople {

  private record Said(Standing standing, Instant at) {}

  private final Map<CallerId, Said> people = new HashMap<>();

  Standing known(CallerId person) {
    return requireNonNull(people.get(person)).standing();
  }

  void remember(Identity person, Instant tokenIssuedAt) {
    var known = people.get(person.id());
    if (known == null) {
      people.put(person.id(), new Said(new Standing(person, false, 1), tokenIssuedAt));
      return;
    }
    if (known.at().isAfter(tokenIssuedAt)) {
      return;
    }
    var before = known.standing();
    var version = before.version() + (before.identity().equals(person) ? 0 : 1);
    people.put(
        person.id(), new Said(new Standing(person, before.suspended(), version), tokenIssuedAt));
  }

  Optional<Standing> standing(CallerId person) {
    return Optional.ofNullable(people.get(person)).map(Said::standing);
  }

  boolean suspend(CallerId person, boolean suspended) {
    var known = people.get(person);
    if (known == null || known.standing().suspended() == suspended) {
      return false;
    }
    var standing = known.standing();
    people.put(
        person,
        new Said(new Standing(standing.identity(), suspended, standing.version() + 1), known.at()));
    return true;
  }
}

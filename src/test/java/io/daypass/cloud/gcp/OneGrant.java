package io.daypass.cloud.gcp;

import io.daypass.cloud.Binding;
import io.daypass.cloud.BindingStore;
import io.daypass.cloud.WantedBinding;
import io.daypass.ledger.IssueRefusal;
import io.daypass.ledger.RecordedGrant;
import io.daypass.request.RequestId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The store as one grant's mints see it; what it promises otherwise, its contract's tests show. */
final class OneGrant implements BindingStore {

  final List<String> seen = new ArrayList<>();
  @Nullable Binding binding;
  @Nullable IssueRefusal over;
  boolean made;
  boolean taken;
  @Nullable IssueRefusal overOnceMade;
  int place;
  @Nullable Instant tokensUntil;

  @Override
  public Held hold(RecordedGrant grant, WantedBinding wanted, Duration attempt) {
    seen.add("hold");
    if (over != null) {
      return new Held.Over(over);
    }
    if (place >= wanted.anyOf().size()) {
      return new Held.Busy(grant.endsAt());
    }
    if (binding == null) {
      binding =
          new Binding(
              UUID.randomUUID(),
              grant.request(),
              grant.role().name(),
              wanted.cloud(),
              wanted.anyOf().get(place).coordinates());
    }
    return new Held.Ready(binding, made);
  }

  @Override
  public @Nullable IssueRefusal made(
      Binding of, RecordedGrant grant, Instant until, Duration settle) {
    seen.add("made");
    made = true;
    tokensUntil = until;
    return overOnceMade;
  }

  @Override
  public boolean servesUnbound(String holder, Instant until) {
    seen.add("unbound " + holder);
    tokensUntil = until;
    return !taken;
  }

  @Override
  public void notMade(Binding of, RecordedGrant grant) {
    seen.add("not made");
  }

  @Override
  public List<Claimed> claimDue(int limit, Duration lease, Duration lead) {
    return List.of();
  }

  @Override
  public boolean removed(Claimed claimed) {
    return true;
  }

  @Override
  public boolean kept(Claimed claimed, String code, Duration pause, Patience patience) {
    return false;
  }

  @Override
  public List<Standing> of(RequestId request) {
    return List.of();
  }

  @Override
  public Set<UUID> known(Set<UUID> bindings, Duration lately) {
    return Set.of();
  }

  @Override
  public int overdue(Duration grace) {
    return 0;
  }
}

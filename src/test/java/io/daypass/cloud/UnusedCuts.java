package io.daypass.cloud;

import io.daypass.cloud.BindingStore.Patience;
import io.daypass.request.RequestId;
import java.time.Duration;
import java.util.List;

/** A store of cuts of which nothing is asked but what a test overrides. */
public class UnusedCuts implements CutStore {

  @Override
  public List<Claimed> claimDue(String cloud, int limit, Spans spans) {
    throw new AssertionError("not asked for");
  }

  @Override
  public boolean applied(Claimed claimed, List<RequestId> denied, Spans spans) {
    throw new AssertionError("not asked for");
  }

  @Override
  public boolean notApplied(
      Claimed claimed,
      String code,
      Duration pause,
      boolean unknown,
      Spans spans,
      Patience patience) {
    throw new AssertionError("not asked for");
  }

  @Override
  public List<Standing> of(RequestId request) {
    throw new AssertionError("not asked for");
  }

  @Override
  public int overdue(Duration grace) {
    throw new AssertionError("not asked for");
  }
}

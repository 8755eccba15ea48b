package io.daypass.web.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.daypass.cloud.CutStore;
import io.daypass.cloud.UnusedCuts;
import io.daypass.policy.RoleArn;
import io.daypass.policy.Target;
import io.daypass.request.RequestId;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class AftermathTest {

  private static final RequestId ID = new RequestId("0000000000000001");
  private static final Instant ASKED = Instant.parse("2026-03-02T12:00:00Z");
  private static final Instant NOW = ASKED.plusSeconds(60);
  private static final Instant DEAD = ASKED.plusSeconds(900);

  private static CutStore.Standing cut(@Nullable Instant applied, boolean stuck, Instant until) {
    return new CutStore.Standing("aws", "role", ASKED, until, applied, stuck);
  }

  private static Wire.@Nullable Cut told(CutStore.Standing... standing) {
    return new Aftermath(new Kept(List.of(standing))).cut(ID, NOW);
  }

  private static Wire.Cut said(CutStore.Standing... standing) {
    return Objects.requireNonNull(told(standing));
  }

  @Test
  void where_nothing_is_to_be_cut_nothing_is_told() {
    assertThat(told()).isNull();
    assertThat(new Aftermath(null).cut(ID, NOW)).isNull();
  }

  @Test
  void what_aws_has_not_taken_note_of_is_asked_or_stuck_and_never_applied() {
    assertThat(said(cut(null, false, DEAD)))
        .isEqualTo(new Wire.Cut("asked", ASKED.toString(), null, null, DEAD.toString()));
    assertThat(said(cut(null, true, DEAD)).state()).isEqualTo("stuck");
    // It took note, and may have been told otherwise since by a call that was late.
    assertThat(said(cut(NOW, true, DEAD)).state()).isEqualTo("stuck");
    assertThat(said(cut(NOW, false, DEAD), cut(null, false, DEAD)).state()).isEqualTo("asked");
  }

  @Test
  void what_aws_took_note_of_is_effective_once_it_has_spread_or_all_is_dead() {
    var applied = said(cut(NOW, false, DEAD), cut(ASKED, false, DEAD));
    assertThat(applied.state()).isEqualTo("applied");
    assertThat(applied.appliedAt()).isEqualTo(NOW.toString());
    assertThat(applied.effectiveAfter()).isEqualTo(NOW.plusSeconds(120).toString());
    var soon = NOW.plusSeconds(5);
    assertThat(said(cut(NOW, false, soon)).effectiveAfter()).isEqualTo(soon.toString());
    // What died meanwhile need not be denied any more.
    assertThat(said(cut(NOW, false, DEAD), cut(null, false, NOW)).state()).isEqualTo("applied");
  }

  @Test
  void once_all_sessions_are_dead_it_is_over_whatever_aws_was_told() {
    assertThat(said(cut(null, true, NOW)).state()).isEqualTo("over");
    assertThat(said(cut(ASKED, false, NOW)).state()).isEqualTo("over");
  }

  @Test
  void what_is_said_of_an_early_end_is_what_this_broker_can_do() {
    var aws =
        new Target.Aws(
            RoleArn.parse("arn:aws:iam::123456789012:role/test").orElseThrow(), null, List.of());
    assertThat(new Aftermath(null).of(aws).detail()).endsWith("lives on until its own expiry");
    assertThat(new Aftermath(new Kept(List.of())).of(aws).detail())
        .contains("once AWS has taken note");
  }

  private static final class Kept extends UnusedCuts {
    private final List<Standing> standing;

    Kept(List<Standing> standing) {
      this.standing = standing;
    }

    @Override
    public List<Standing> of(RequestId request) {
      return standing;
    }
  }
}

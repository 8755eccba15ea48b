package io.daypass.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.daypass.cloud.Cloud;
import io.daypass.cloud.Credential;
import io.daypass.cloud.Grants;
import io.daypass.cloud.MintException;
import io.daypass.cloud.MintException.Reason;
import io.daypass.cloud.Turn;
import io.daypass.ledger.RecordedGrant;
import io.daypass.policy.Target;
import io.daypass.web.Metrics;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A cloud that is measured does what it would do unmeasured. */
class MeasuredCloudTest {

  private final Metrics metrics = new Metrics();
  private final Fake fake = new Fake();
  private final Cloud measured = MeasuredCloud.of("aws", fake, metrics);
  private final Target target = Grants.standard().target();

  private static final class Fake implements Cloud {
    private @Nullable Turn turn;
    private @Nullable Target asked;
    private int givenBack;

    @Override
    public boolean serves(Target target) {
      return target instanceof Target.Aws;
    }

    @Override
    public Optional<Turn> turn(Target target) {
      asked = target;
      return Optional.ofNullable(turn);
    }

    @Override
    public int heldBack() {
      return 7;
    }
  }

  private final class Throttled implements Turn {
    @Override
    public Duration waited() {
      return Duration.ofSeconds(3);
    }

    @Override
    public Credential mint(RecordedGrant grant) throws MintException {
      throw new MintException(Reason.CLOUD_THROTTLED);
    }

    @Override
    public void close() {
      fake.givenBack++;
    }
  }

  private double counted(String what, String outcome) {
    return metrics
        .registry()
        .find("daypass.cloud." + what)
        .tag("outcome", outcome)
        .timers()
        .stream()
        .mapToDouble(timer -> timer.count())
        .sum();
  }

  @Test
  void every_outcome_is_there_before_there_is_one() {
    var outcomes =
        Stream.concat(Stream.of("minted", "fault"), Stream.of(Reason.values()).map(Reason::code));
    assertThat(series("mints")).containsExactlyInAnyOrderElementsOf(outcomes.toList());
    assertThat(series("turns")).containsExactlyInAnyOrder("came", "turned_away");
    assertThat(metrics.scrape().body().toString())
        .contains("daypass_cloud_mints_seconds_count{cloud=\"aws\",outcome=\"cloud_refused\"} 0");
  }

  private List<String> series(String what) {
    return metrics.registry().find("daypass.cloud." + what).timers().stream()
        .filter(timer -> timer.count() == 0 && "aws".equals(timer.getId().getTag("cloud")))
        .map(timer -> String.valueOf(timer.getId().getTag("outcome")))
        .toList();
  }

  @Test
  void its_turns_are_the_clouds_own_and_go_back_to_it() {
    fake.turn = new Throttled();
    try (var turn = measured.turn(target).orElseThrow()) {
      assertThat(turn.waited()).isEqualTo(Duration.ofSeconds(3));
      assertThat(fake.asked).isSameAs(target);
      assertThat(fake.givenBack).isZero();
    }
    assertThat(fake.givenBack).isEqualTo(1);
    assertThat(counted("turns", "came")).isEqualTo(1);
  }

  @Test
  void where_the_cloud_has_no_turn_there_is_none() {
    assertThat(measured.turn(target)).isEmpty();
    assertThat(counted("turns", "turned_away")).isEqualTo(1);
  }

  @Test
  void what_it_serves_and_holds_back_is_the_clouds_own() {
    assertThat(measured.serves(target)).isTrue();
    assertThat(measured.serves(new Target.Google("a", "b", java.util.List.of()))).isFalse();
    assertThat(measured.heldBack()).isEqualTo(7);
    assertThat(metrics.registry().get("daypass.cloud.held.back").tag("cloud", "aws").gauge())
        .satisfies(gauge -> assertThat(gauge.value()).isEqualTo(7));
  }

  @Test
  void a_refusal_is_passed_on_and_counted_as_what_it_is() {
    fake.turn = new Throttled();
    assertThatExceptionOfType(MintException.class)
        .isThrownBy(() -> measured.mint(Grants.standard().recorded()))
        .satisfies(e -> assertThat(e.reason()).isEqualTo(Reason.CLOUD_THROTTLED));
    assertThat(counted("mints", "cloud_throttled")).isEqualTo(1);
    assertThat(counted("mints", "minted")).isZero();
    assertThat(metrics.registry().find("daypass.cloud.mints").timers())
        .as("no series is new")
        .hasSize(2 + Reason.values().length);
  }
}

package io.daypass.cloud.wire;

import io.daypass.cloud.Finding;
import io.daypass.issuer.Assertion;
import java.net.URI;
import java.net.http.HttpRequest;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.format.DateTimeFormatter;
import java.util.Optional;

/**
 * What time a cloud takes it to be, by the Date header of whatever it answers (RFC 9110, 6.6.1).
 */
public final class CloudTime {

  private static final Duration PATIENCE = Duration.ofSeconds(5);

  /** A clock further behind takes an assertion for one from its future. */
  private static final Duration MOST_BEHIND = Assertion.DATED_BACK;

  /** By one further ahead an assertion may end while it is on its way. */
  private static final Duration MOST_AHEAD =
      Assertion.LIFE.minus(Assertion.DATED_BACK).minus(Limits.STANDARD.total());

  private CloudTime() {}

  /**
   * What there is to say of a clock that is {@code ahead} of ours; nothing while it is bearable.
   */
  public static Optional<Finding> tooFar(String whose, Duration ahead) {
    var borne = ahead.isNegative() ? MOST_BEHIND : MOST_AHEAD;
    return ahead.abs().compareTo(borne) <= 0
        ? Optional.empty()
        : Optional.of(
            Finding.wrong(
                "clock_differs",
                "%s's clock is %d s %s ours, and %d are borne: an assertion lives for %d s and is"
                        .formatted(
                            whose,
                            ahead.abs().toSeconds(),
                            ahead.isNegative() ? "behind" : "ahead of",
                            borne.toSeconds(),
                            Assertion.LIFE.toSeconds())
                    + " dated back by %d of them".formatted(Assertion.DATED_BACK.toSeconds()),
                null,
                "set this machine's clock and the database's by NTP"));
  }

  /** How far the clock at {@code endpoint} is ahead of {@code ours}, to the second. */
  public static Optional<Duration> ahead(Wire wire, URI endpoint, InstantSource ours) {
    try {
      var request = HttpRequest.newBuilder(endpoint).GET().build();
      var before = ours.instant();
      var answer = wire.exchange(request, Deadline.in(PATIENCE));
      var middle = before.plus(Duration.between(before, ours.instant()).dividedBy(2));
      return answer
          .headers()
          .firstValue("Date")
          .flatMap(CloudTime::instant)
          .map(theirs -> Duration.between(middle, theirs));
    } catch (WireException _) {
      return Optional.empty();
    }
  }

  private static Optional<Instant> instant(String date) {
    try {
      return Optional.of(DateTimeFormatter.RFC_1123_DATE_TIME.parse(date, Instant::from));
    } catch (DateTimeException _) {
      return Optional.empty();
    }
  }
}

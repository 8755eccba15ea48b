package io.daypass.cloud.wire;

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

  private CloudTime() {}

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

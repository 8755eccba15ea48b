package io.daypass.cli;

import io.daypass.cli.client.Broker;
import io.daypass.cli.client.Failure;
import io.daypass.cli.client.Hints;
import io.daypass.cli.client.Http.Reply;
import io.daypass.cli.client.Local;
import io.daypass.cli.client.Members;
import io.daypass.cli.credential.Counter;
import io.daypass.cli.credential.Keys;
import io.daypass.cli.credential.Life;
import io.daypass.cli.credential.Standing;
import io.daypass.cli.loopback.Supply;
import io.daypass.cli.screen.Plain;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A role's keys for a command that runs long: the same until they are old, then new ones, and what
 * is left of the old ones while there are none. One call at a time goes to the broker, however many
 * ask. They are kept in memory here. Every few minutes one of those who ask looks whether the
 * request that they came under still stands.
 */
final class RoleKeys implements Supply {

  /** SDKs ask several times where they get a no; each would be asked for and written down. */
  private static final Duration ONCE_IN = Duration.ofSeconds(10);

  private final InstantSource clock;
  private final Api api;
  private final Counter counter;
  private final String role;
  private final ReentrantLock one = new ReentrantLock();
  private @Nullable Lease lease;
  private Instant seen = Instant.EPOCH;
  private @Nullable No no;
  private volatile @Nullable Instant outlivesUntil;

  private record No(Failure failure, Instant at) {}

  /** Keys of {@code role}; {@code notes} hears what is odd, never a secret. */
  RoleKeys(Local local, Api api, String role, Consumer<String> notes) {
    this.clock = local.clock();
    this.api = api;
    this.counter = new Counter(local, api.broker(), notes);
    this.role = role;
  }

  /** Keys that are good now; that there are none ends the command. */
  Lease lease() {
    var fallen = fallen();
    one.lock();
    try {
      var now = clock.instant();
      var before = lease;
      if (before != null && !before.equals(fallen) && !before.life().isOld(now)) {
        return before;
      }
      var said = no;
      return said != null && now.isBefore(said.at().plus(ONCE_IN))
          ? left(said.failure())
          : renewed();
    } finally {
      one.unlock();
    }
  }

  /** The keys in hand, if the one who is to look sees that their request stands no more. */
  private @Nullable Lease fallen() {
    var unseen = unseen();
    return unseen == null || stands(unseen) ? null : unseen;
  }

  /** The keys in hand, for one of those who ask, when it is time to look at their request. */
  private @Nullable Lease unseen() {
    one.lock();
    try {
      var now = clock.instant();
      var held = lease;
      if (held == null || held.life().isOld(now) || !Standing.isUnseen(held.request(), seen, now)) {
        return null;
      }
      // First: while the look lasts, and where nobody answers, the others go on with these.
      seen = now;
      return held;
    } finally {
      one.unlock();
    }
  }

  /** Without the lock: the others need not wait for it. */
  private boolean stands(Lease held) {
    try {
      return Standing.stands(api.broker(), api.broker().bearer(), held.request());
    } catch (Failure _) {
      // Who is signed out sees nothing, and that takes nothing away.
      return true;
    }
  }

  private Lease renewed() {
    try {
      var taken = asked();
      lease = taken;
      seen = taken.life().taken();
      no = null;
      outlivesUntil = taken.outlivesUntil();
      return taken;
    } catch (Failure failure) {
      no = new No(failure, clock.instant());
      return left(failure);
    }
  }

  /** What is left of the keys; where there is nothing, the command ends with {@code failure}. */
  private Lease left(Failure failure) {
    var left = lease;
    if (left != null && left.life().isGood(clock.instant())) {
      return left;
    }
    throw failure;
  }

  /** The same for an endpoint: a failure is an answer there. */
  @Override
  public Answer take() {
    try {
      var taken = lease();
      return new Answer.Given(taken.keys(), taken.expires());
    } catch (Failure failure) {
      return new Answer.None(
          failure.mayPass() ? "unavailable" : "refused",
          Plain.line(failure.error() + " (" + failure.hint() + ")"),
          failure.mayPass());
    }
  }

  /** When the last of them dies, if they outlive the grant; else null. */
  @Nullable Instant outlivesUntil() {
    return outlivesUntil;
  }

  private Lease asked() {
    return switch (counter.ask(api.broker().bearer(), role)) {
      case Broker.Answer.Refused(var refusal, var bearer) -> {
        if (refusal.withdraws()) {
          // Whatever is left of the access has been taken away.
          lease = null;
        }
        var failure =
            refusal.code().equals("approval_required")
                ? Hints.notApproved(api.broker().url(), role)
                : Hints.failure(refusal, bearer, Optional.of(role));
        throw refusal.status() == 503 || refusal.status() == 429
            ? Failure.passing(failure.error(), failure.hint())
            : failure;
      }
      case Broker.Answer.Given(var reply) -> lease(reply);
    };
  }

  private Lease lease(Reply reply) {
    var answer = Members.read(reply.body());
    if (reply.status() == 202) {
      // Nobody waits for people who has a grant that lives.
      lease = null;
      throw Hints.waiting(
          role, said(answer, "request_id", "ID"), said(answer, "request_url", "its page"));
    }
    var taken = clock.instant();
    var request = reply.header("daypass-request").map(Plain::line).orElse("");
    var ends = reply.header("daypass-grant-ends").flatMap(RoleKeys::instant).orElse(null);
    return answer
        .flatMap(Keys::read)
        .map(dated ->
            new Lease(
                dated.keys(),
                request,
                new Life(taken, dated.expires(), ends),
                dated.outlivesUntil()))
        .filter(lease -> lease.life().isGood(taken))
        .orElseThrow(() ->
            Failure.of(
                "what came for " + role + " are no keys that are good now", "daypass roles"));
  }

  private static String said(Optional<Members> answer, String name, String otherwise) {
    return answer.flatMap(members -> members.text(name)).map(Plain::line).orElse(otherwise);
  }

  private static Optional<Instant> instant(String text) {
    try {
      return Optional.of(Instant.parse(text));
    } catch (DateTimeException _) {
      return Optional.empty();
    }
  }
}

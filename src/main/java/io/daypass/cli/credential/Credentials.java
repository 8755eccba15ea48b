package io.daypass.cli.credential;

import io.daypass.cli.client.Bearer;
import io.daypass.cli.client.Broker;
import io.daypass.cli.client.Failure;
import io.daypass.cli.client.Hints;
import io.daypass.cli.client.Http.Reply;
import io.daypass.cli.client.Local;
import io.daypass.cli.client.Lock;
import io.daypass.cli.client.Members;
import io.daypass.cli.client.Refusal;
import io.daypass.cli.client.Texts;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Credentials of a role: those in the cache while they are fresh, else new ones, for which one
 * process asks while the others wait. What is left of old ones is handed back to the last second if
 * there are no new ones and the broker does not say that the access was taken away. Every few
 * minutes one process looks whether the request that they came under still stands.
 */
public final class Credentials {

  private final Local local;
  private final Broker broker;
  private final Counter counter;
  private final Consumer<String> notes;

  /** Takes credentials from {@code broker}; {@code notes} hears what is odd, never a secret. */
  public Credentials(Local local, Broker broker, Consumer<String> notes) {
    this.local = local;
    this.broker = broker;
    this.counter = new Counter(local, broker, notes);
    this.notes = notes;
  }

  /** A credential of {@code role} that is good now; that there is none ends the command. */
  public Held take(String role, Format format) {
    var bearer = broker.bearer();
    return new Errand(role, format, bearer, new Cache(local, bearer.scope(), notes)).run();
  }

  /** One command's. */
  private final class Errand {

    private final String role;
    private final Format format;
    private final Bearer bearer;
    private final Cache cache;
    private final String name;
    private final Instant begun;
    private boolean withdrawn;

    Errand(String role, Format format, Bearer bearer, Cache cache) {
      this.role = role;
      this.format = format;
      this.bearer = bearer;
      this.cache = cache;
      this.name = format.name() + "." + role;
      this.begun = local.clock().instant();
    }

    Held run() {
      var cached = good();
      if (isFresh(cached) && !cached.get().isUnseen(now())) {
        return cached.get();
      }
      try (var lock = cache.tryLock(name).orElse(null)) {
        if (lock != null) {
          return renewed(Optional.of(lock));
        }
      } catch (IOException _) {
        // Closing a lock that is lost anyway.
      }
      // Somebody else is at it; what is good still need not wait for them.
      return cached.orElseGet(this::waited);
    }

    private Held waited() {
      try (var lock = cache.lock(name).orElse(null)) {
        return renewed(Optional.ofNullable(lock));
      } catch (IOException e) {
        throw new IllegalStateException("a lock cannot be left", e);
      }
    }

    private Held renewed(Optional<Lock> lock) {
      var cached = good();
      if (isFresh(cached) && stands(cached.get())) {
        return cached.get();
      }
      lock.flatMap(held -> Word.since(held, begun)).ifPresent(Errand::refused);
      try {
        var held = asked();
        cache.keep(name, held);
        return held;
      } catch (Failure failure) {
        if (!withdrawn && cached.isPresent() && cached.get().isGood(now())) {
          notes.accept(failure.error() + "; these are good until " + cached.get().expires());
          return cached.get();
        }
        lock.ifPresent(held -> Word.leave(held, failure, now()));
        throw failure;
      }
    }

    /** Whether the request they came under still stands, which is looked at now and then. */
    private boolean stands(Held held) {
      if (!held.isUnseen(now())) {
        return true;
      }
      // First: where nobody answers, the next call need not wait for that as well.
      cache.keep(name, held.seenAt(now()));
      return Standing.stands(broker, bearer, held.request());
    }

    private static void refused(Failure failure) {
      throw failure;
    }

    private Instant now() {
      return local.clock().instant();
    }

    private Optional<Held> good() {
      return cache.find(name).filter(held -> held.isGood(now()));
    }

    private boolean isFresh(Optional<Held> cached) {
      return cached.filter(held -> !held.isOld(now())).isPresent();
    }

    private Held asked() {
      return held(counter.ask(bearer, role).orThrow(this::no));
    }

    private Failure no(Broker.Answer.Refused answer) {
      var refusal = answer.refusal();
      if (refusal.withdraws()) {
        withdraw();
      }
      return failure(refusal, answer.bearer());
    }

    /** The access has been taken away, and with it what is left of old credentials. */
    private void withdraw() {
      withdrawn = true;
      cache.drop(name);
    }

    private Held held(Reply reply) {
      var answer =
          Members.read(reply.body()).orElseThrow(() -> notForUs("what came is unreadable"));
      if (reply.status() == 202) {
        // Nobody waits for people who has a grant that lives.
        withdraw();
        var url = answer.text("request_url").map(Texts::plain).orElse("its page");
        var id = answer.text("request_id").map(Texts::plain).orElse("");
        throw Hints.waiting(role, id, url);
      }
      var shaped =
          format.shape(answer).orElseThrow(() -> notForUs(role + " is not " + format.suits()));
      if (!shaped.expires().isAfter(now())) {
        throw notForUs("what came has expired: is this machine's clock right?");
      }
      return new Held(
          shaped.output(),
          now(),
          shaped.expires(),
          reply.header("daypass-grant-ends").flatMap(Errand::instant).orElse(null),
          reply.header("daypass-request").map(Texts::plain).orElse(""),
          now());
    }

    private Failure failure(Refusal refusal, Bearer shown) {
      return refusal.code().equals("approval_required")
          ? Hints.notApproved(broker.url(), role)
          : Failure.of(
              role + ": " + Texts.sentence(refusal.detail()),
              Hints.hint(refusal, shown, Optional.of(role)));
    }

    private Failure notForUs(String error) {
      return Failure.of(error, "daypass roles");
    }

    private static Optional<Instant> instant(String text) {
      try {
        return Optional.of(Instant.parse(text));
      } catch (DateTimeException _) {
        return Optional.empty();
      }
    }
  }
}

package io.daypass.policy.yaml;

import io.daypass.document.Place;
import io.daypass.document.Problem;
import io.daypass.log.Guarded;
import io.daypass.policy.Policies;
import io.daypass.policy.yaml.PolicyDirectory.Loaded;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * The policies in force. The directory is looked at again and again, by content, so that it does
 * not matter how it is changed (an editor, a checkout, a config map's links). A set that cannot be
 * read is refused as a whole and loudly; the last good one stays in force.
 */
public final class WatchedPolicies implements Supplier<Policies>, AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(WatchedPolicies.class);

  private final Path directory;
  private final Installation known;
  private final Consumer<Policies> listener;
  private final ScheduledExecutorService timer;
  private volatile Policies inForce;
  private volatile List<Problem> refusedFor = List.of();
  private String lastSeen = "";
  // The digest of the set that the listener took last; null before the first.
  private @Nullable String told;

  /**
   * Keeps to {@code first} until something else is read.
   *
   * @param listener told of the first set by {@link #tell}, and from then on of each new one after
   *     it has come into force; again and again if it throws, until it takes the set in force
   */
  public WatchedPolicies(
      Path directory, Installation known, Policies first, Consumer<Policies> listener) {
    this.directory = directory;
    this.known = known;
    this.inForce = first;
    this.listener = listener;
    this.timer =
        Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("policies").factory());
  }

  /** Tells of the set in force, if that was not told last. Throws what the listener throws. */
  public synchronized void tell() {
    if (!inForce.digest().equals(told)) {
      listener.accept(inForce);
      told = inForce.digest();
    }
  }

  /** Looks at the directory at every {@code interval} from now on. */
  public WatchedPolicies start(Duration interval) {
    var _ =
        timer.scheduleWithFixedDelay(
            this::look, interval.toMillis(), interval.toMillis(), TimeUnit.MILLISECONDS);
    return this;
  }

  @Override
  public Policies get() {
    return inForce;
  }

  /**
   * Whether what stands in the directory now is not what is in force, because it is not right or
   * could not be looked at.
   */
  public boolean lastReloadFailed() {
    return !refusedFor.isEmpty();
  }

  /** Why the last set was refused; nothing if it was not. */
  public List<Problem> refusedFor() {
    return refusedFor;
  }

  /** Reads the directory now, changed or not; whether it is in force afterwards. */
  public synchronized boolean reload() {
    return switch (PolicyDirectory.load(directory, known)) {
      case Loaded.Broken(var problems, _) -> {
        refuse(problems);
        yield false;
      }
      case Loaded.Read(var policies, var warnings) -> {
        refusedFor = List.of();
        if (!policies.digest().equals(inForce.digest())) {
          inForce = policies;
          announce(policies, warnings);
        }
        yield true;
      }
    };
  }

  /** Reloads if the directory looks different from last time. Never throws: the timer would end. */
  synchronized void look() {
    Guarded.run(
        this::lookOnce,
        e -> {
          brokeOff();
          LOG.atError().setCause(e).log("policies.watch_failed");
        });
  }

  private void lookOnce() {
    var seen = Fingerprint.of(directory);
    if (seen.equals(lastSeen)) {
      // What could not be told when it came into force; that was said loudly then.
      tell(Level.DEBUG);
    } else {
      lastSeen = seen;
      reload();
    }
  }

  // Nobody knows now what the directory says: it is read again, however it looks by then.
  private void brokeOff() {
    lastSeen = "";
    var place = new Place(directory.toString(), 1, 1);
    refusedFor = List.of(new Problem(place, "look_broke_off", "a fault that the log names"));
  }

  private void refuse(List<Problem> problems) {
    refusedFor = problems;
    for (var problem : problems) {
      LOG.atError()
          .addKeyValue("code", problem.code())
          .addKeyValue("place", problem.place().toString())
          .addKeyValue("problem", problem.message())
          .addKeyValue("in_force", inForce.digest())
          .log("policies.refused");
    }
  }

  private void announce(Policies policies, List<Problem> warnings) {
    LOG.atInfo()
        .addKeyValue("digest", policies.digest())
        .addKeyValue("roles", policies.roles().size())
        .addKeyValue("warnings", warnings.size())
        .log("policies.loaded");
    tell(Level.ERROR);
  }

  private void tell(Level failure) {
    Guarded.run(
        () -> {
          if (told != null) {
            tell();
          }
        },
        e ->
            LOG.atLevel(failure)
                .setCause(e)
                .addKeyValue("digest", inForce.digest())
                .log("policies.unnoticed"));
  }

  @Override
  public void close() {
    timer.shutdownNow();
  }
}

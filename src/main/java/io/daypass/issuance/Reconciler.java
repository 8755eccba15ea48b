package io.daypass.issuance;

import io.daypass.ledger.Ledger;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Closes intents that never got an outcome because a replica died between writing them and sealing:
 * they are written down as orphaned, and no late credential can be sealed after that.
 */
public final class Reconciler {

  private static final Logger LOG = LoggerFactory.getLogger(Reconciler.class);

  /** Longer than any mint may take, so that nothing in flight is closed. */
  public static final Duration AGE = Duration.ofSeconds(60);

  private final Ledger ledger;
  private final Duration age;

  public Reconciler(Ledger ledger, Duration age) {
    this.ledger = ledger;
    this.age = age;
  }

  /** One pass; says how many were closed. */
  public int run() {
    var closed = ledger.closeOrphans(age);
    for (var issuance : closed) {
      // An orphan may have left a credential at the cloud that nobody was given.
      LOG.atError().addKeyValue("issuance", issuance).log("issuance.orphaned");
    }
    return closed.size();
  }
}

package io.daypass.cloud;

import io.daypass.cloud.MintException.Reason;
import io.daypass.cloud.MintException.Said;
import io.daypass.ledger.RecordedGrant;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Mints that nobody is given anything of. Each is written to the ledger before, and what it came to
 * after; then the credential is dropped.
 */
public interface Attempts {

  /**
   * One mint.
   *
   * @param life how long the grant that is pretended lasts
   */
  Attempt make(Duration life, Mint mint);

  /** A mint as an adapter makes it. */
  @FunctionalInterface
  interface Mint {
    Credential by(RecordedGrant pretended) throws MintException;
  }

  /** What an attempt came to. */
  sealed interface Attempt {

    /** The cloud gave a credential, which nobody has. */
    record Minted(Instant expiresAt) implements Attempt {}

    record Failed(Reason reason, @Nullable Said said) implements Attempt {

      /** The cloud's own code; empty if it gave none. */
      public String code() {
        return said == null ? "" : said.code();
      }

      /** The cloud's own words; null if it said nothing. */
      public @Nullable String words() {
        return said == null || said.text().isEmpty() ? null : said.text();
      }
    }
  }
}

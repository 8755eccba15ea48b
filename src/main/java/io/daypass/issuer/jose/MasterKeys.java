package io.daypass.issuer.jose;

import io.daypass.issuer.Keysmith.UnopenedKeyException;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The master key in use and, while it takes the place of another, the one before it. All that is
 * wrapped is wrapped by the one in use; what either wrapped is opened.
 */
public final class MasterKeys {

  private final MasterKey inUse;
  private final @Nullable MasterKey previous;

  private MasterKeys(MasterKey inUse, @Nullable MasterKey previous) {
    this.inUse = inUse;
    this.previous = previous;
  }

  /**
   * The master keys that are set.
   *
   * @param previous null unless the key is being exchanged
   */
  public static MasterKeys of(MasterKey inUse, @Nullable MasterKey previous) {
    return new MasterKeys(inUse, previous);
  }

  String wrap(byte[] secret, byte[] purpose) {
    return inUse.wrap(secret, purpose);
  }

  byte[] unwrap(String wrapped, byte[] purpose) throws UnopenedKeyException {
    try {
      return inUse.unwrap(wrapped, purpose);
    } catch (UnopenedKeyException e) {
      if (previous == null) {
        throw e;
      }
      return previous.unwrap(wrapped, purpose);
    }
  }

  /** What {@code wrapped} is under the key in use; empty if it is under that one already. */
  Optional<String> rewrap(String wrapped, byte[] purpose) throws UnopenedKeyException {
    if (previous == null || opens(inUse, wrapped, purpose)) {
      Arrays.fill(unwrap(wrapped, purpose), (byte) 0);
      return Optional.empty();
    }
    var secret = previous.unwrap(wrapped, purpose);
    try {
      return Optional.of(inUse.wrap(secret, purpose));
    } finally {
      Arrays.fill(secret, (byte) 0);
    }
  }

  private static boolean opens(MasterKey key, String wrapped, byte[] purpose) {
    try {
      Arrays.fill(key.unwrap(wrapped, purpose), (byte) 0);
      return true;
    } catch (UnopenedKeyException _) {
      return false;
    }
  }

  @Override
  public String toString() {
    return "[master keys]";
  }
}

package io.daypass.app;

import io.daypass.issuer.IssuerUrl;
import io.daypass.issuer.KeyStore;
import io.daypass.issuer.Keysmith;
import io.daypass.issuer.Rotation;
import io.daypass.issuer.SigningKeys;
import io.daypass.issuer.jose.CryptoProvider;
import io.daypass.issuer.jose.JoseKeysmith;
import io.daypass.issuer.jose.MasterKey;
import io.daypass.issuer.jose.MasterKeys;
import io.daypass.ledger.Checkpoint;
import io.daypass.ledger.CheckpointStore;
import io.daypass.ledger.Checkpoints;
import io.daypass.settings.Settings;
import java.security.SecureRandom;
import java.time.InstantSource;

/** What signs here, as the settings have it. */
final class Signing {

  /** What to say where the master key opens no key. */
  static final String WRONG_KEY =
      "the signing keys in the database do not open with the master key";

  static final String NAME_KEY =
      "name the file that holds the right key in master-key-file; while it is exchanged, the one"
          + " before it in previous-master-key-file";

  /** What to do about a key that does not open, while others do. */
  static final String NAME_KEY_OR_DELETE =
      NAME_KEY + "; if the key is nobody's, delete its row of signing_key as the tables' owner";

  /** What to do where no key is under the previous master key. */
  static final String NONE_IS_UNDER_PREVIOUS =
      "if that is the new one, take previous-master-key out of the settings of every replica; if it"
          + " is the old one, name the new one in master-key and the old one in"
          + " previous-master-key";

  private Signing() {}

  static Keysmith smith(Settings settings, CryptoProvider crypto, SecureRandom random) {
    var previous = settings.previousMasterKey();
    return new JoseKeysmith(
        MasterKeys.of(
            new MasterKey(settings.masterKey().reveal(), random),
            previous == null ? null : new MasterKey(previous.reveal(), random)),
        crypto,
        random);
  }

  /** Checkpoints of the ledger, signed with the key that signs for the clouds. */
  static Checkpoints checkpoints(Settings settings, CheckpointStore store, SigningKeys keys) {
    var origin = settings.publicUrl().getRawAuthority() + "/ledger";
    return new Checkpoints(store, origin, text -> keys.attest(Checkpoint.TYPE, text));
  }

  static SigningKeys keys(Settings settings, KeyStore store, Keysmith smith, InstantSource clock) {
    return new SigningKeys(
        new IssuerUrl(settings.publicUrl().toString()), store, smith, Rotation.STANDARD, clock);
  }
}

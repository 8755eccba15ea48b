package io.daypass.web.api;

import io.daypass.cloud.Cloud;
import io.daypass.cloud.Credential;
import io.daypass.cloud.MintException;
import io.daypass.cloud.Secret;
import io.daypass.cloud.Turn;
import io.daypass.ledger.RecordedGrant;
import io.daypass.policy.Target;
import java.util.Optional;

/** A cloud that gives, unless it is told otherwise. */
final class GivingCloud implements Cloud {

  volatile Mint mint = GivingCloud::given;
  volatile boolean busy;
  volatile Runnable whileWaiting = () -> {};

  interface Mint {
    Credential of(RecordedGrant grant) throws MintException;
  }

  @Override
  public boolean serves(Target target) {
    return true;
  }

  @Override
  public Optional<Turn> turn(Target target) {
    whileWaiting.run();
    return busy ? Optional.empty() : Optional.of(Turn.atOnce(grant -> mint.of(grant)));
  }

  @Override
  public int heldBack() {
    return 0;
  }

  static Credential given(RecordedGrant grant) {
    return new Credential.AwsSession(
        "ASIAEXAMPLE",
        new Secret("a secret"),
        new Secret("a-token"),
        "123456789012",
        grant.endsAt());
  }
}

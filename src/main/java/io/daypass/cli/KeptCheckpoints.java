package io.daypass.cli;

import io.daypass.cli.client.BrokerUrl;
import io.daypass.cli.client.Failure;
import io.daypass.cli.client.Local;
import io.daypass.cli.client.PrivateFolder;
import io.daypass.cli.client.PrivateFolder.UnsafeException;
import io.daypass.web.api.Json;
import io.daypass.web.api.Wire.Checkpoint;
import java.io.IOException;
import java.util.Optional;

/** The checkpoint of each broker's ledger that was last found to hold, on this machine. */
final class KeptCheckpoints {

  private final PrivateFolder folder;

  KeptCheckpoints(Local local) {
    this.folder = new PrivateFolder(local.configFolder().resolve("checkpoints"));
  }

  private record Kept(String broker, Checkpoint checkpoint) {}

  Optional<Checkpoint> find(BrokerUrl broker) {
    try {
      var text = folder.read(broker.fileName());
      if (text.isEmpty()) {
        return Optional.empty();
      }
      // One that cannot be read is not taken for none: it may be the only witness.
      var kept = Json.read(text.get(), Kept.class).orElseThrow(() -> unreadable(broker));
      return Optional.of(kept).filter(k -> k.broker().equals(broker.text())).map(Kept::checkpoint);
    } catch (UnsafeException e) {
      throw e.failure();
    } catch (IOException _) {
      throw unreadable(broker);
    }
  }

  void keep(BrokerUrl broker, Checkpoint checkpoint) {
    try {
      folder.write(broker.fileName(), Json.write(new Kept(broker.text(), checkpoint)));
    } catch (UnsafeException e) {
      throw e.failure();
    } catch (IOException _) {
      throw Failure.of(
          "the checkpoint cannot be kept in " + folder.path(broker.fileName()),
          "make room on the disk and look at the folder's permissions, then try again");
    }
  }

  private Failure unreadable(BrokerUrl broker) {
    var file = folder.path(broker.fileName());
    return Failure.of(
        "the checkpoint in " + file + " cannot be read",
        "look at it; without it this check cannot tell what was changed since the last one");
  }
}

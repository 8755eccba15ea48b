package io.daypass.cli.client;

import io.daypass.cli.client.PrivateFolder.Draft;
import io.daypass.cli.client.PrivateFolder.Lock;
import io.daypass.cli.client.PrivateFolder.UnsafeException;
import java.io.IOException;
import java.util.Optional;

/** The sign-ins of this machine, one file for each broker. */
public final class SignIns {

  /** Room for any sign-in: tokens are up to 16 KiB. */
  private static final int ROOM = 64 * 1024;

  private final PrivateFolder folder;

  public SignIns(Local local) {
    this.folder = new PrivateFolder(local.configFolder().resolve("sign-ins"));
  }

  public Optional<SignIn> find(BrokerUrl broker) {
    try {
      return folder.read(broker.fileName()).flatMap(text -> SignIn.read(text, broker));
    } catch (UnsafeException e) {
      throw e.failure();
    } catch (IOException e) {
      throw Failure.of(
          "the sign-in in " + folder.path(broker.fileName()) + " cannot be read",
          "look at the file's permissions, or: daypass login");
    }
  }

  /** Room on the disk for a sign-in, before an issuer is asked for what it gives only once. */
  public Draft draft(BrokerUrl broker) {
    try {
      return folder.draft(broker.fileName(), ROOM);
    } catch (UnsafeException e) {
      throw e.failure();
    } catch (IOException e) {
      throw cannotKeep(broker);
    }
  }

  public void keep(Draft draft, SignIn signIn) {
    try {
      draft.keep(signIn.text());
    } catch (IOException e) {
      throw cannotKeep(signIn.broker());
    }
  }

  public void forget(BrokerUrl broker) {
    try {
      folder.delete(broker.fileName());
    } catch (IOException e) {
      throw Failure.of("the sign-in cannot be forgotten", "rm " + folder.path(broker.fileName()));
    }
  }

  /** Held while a sign-in is renewed: a refresh token that comes twice ends the sign-in. */
  Lock lock(BrokerUrl broker) {
    try {
      return folder.lock(broker.fileName());
    } catch (UnsafeException e) {
      throw e.failure();
    } catch (IOException e) {
      throw cannotKeep(broker);
    }
  }

  private Failure cannotKeep(BrokerUrl broker) {
    return Failure.of(
        "a sign-in cannot be kept in " + folder.path(broker.fileName()),
        "make room on the disk and look at the folder's permissions, then try again");
  }
}

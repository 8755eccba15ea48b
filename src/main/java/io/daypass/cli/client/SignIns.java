package io.daypass.cli.client;

import io.daypass.cli.client.PrivateFolder.Draft;
import io.daypass.cli.client.PrivateFolder.UnsafeException;
import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

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

  /** Whether there is room for a sign-in; that there is none ends the command. */
  public void check(BrokerUrl broker) {
    try (var _ = draft(broker)) {
      // It will be made anew when there is something to keep.
    } catch (IOException _) {
      throw cannotKeep(broker);
    }
  }

  /** Room on the disk for a sign-in, before an issuer is asked for what it gives only once. */
  Draft draft(BrokerUrl broker) {
    try {
      return folder.draft(broker.fileName(), ROOM);
    } catch (UnsafeException e) {
      throw e.failure();
    } catch (IOException e) {
      throw cannotKeep(broker);
    }
  }

  /** Keeps a new sign-in in place of an older one, which it answers. */
  public Optional<SignIn> keep(SignIn signIn) {
    try (var _ = lock(signIn.broker());
        var draft = draft(signIn.broker())) {
      var before = find(signIn.broker());
      keep(draft, signIn);
      return before;
    } catch (IOException _) {
      throw cannotKeep(signIn.broker());
    }
  }

  void keep(Draft draft, SignIn signIn) {
    try {
      draft.keep(signIn.text());
    } catch (IOException e) {
      throw cannotKeep(signIn.broker());
    }
  }

  /** Forgets a sign-in, also where the disk has no room for a lock. */
  public void forget(BrokerUrl broker) {
    // Whoever renews it at this moment would bring it back.
    try (var _ = lockIfPossible(broker)) {
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

  private @Nullable Lock lockIfPossible(BrokerUrl broker) {
    try {
      return folder.lock(broker.fileName());
    } catch (IOException _) {
      return null;
    }
  }

  private Failure cannotKeep(BrokerUrl broker) {
    return Failure.of(
        "a sign-in cannot be kept in " + folder.path(broker.fileName()),
        "make room on the disk and look at the folder's permissions, then try again");
  }
}

package io.daypass.cli;

import io.daypass.cli.client.Config;
import io.daypass.cli.client.Local;
import io.daypass.cli.client.SignIns;
import io.daypass.cli.credential.Cache;
import io.daypass.cli.signin.Revocation;
import picocli.CommandLine.Command;

/** {@code daypass logout}. */
@Command(
    name = "logout",
    description = "Forget the sign-in and the keys kept for it, here and at the issuer.")
final class LogoutCommand extends ClientCommand {

  LogoutCommand(Local local) {
    super(local);
  }

  @Override
  int run() {
    var broker = new Config(local()).broker();
    var signIns = new SignIns(local());
    var signIn = signIns.find(broker);
    if (signIn.isEmpty()) {
      print("you were signed out of " + broker + " already");
      return DONE;
    }
    // Here first: whatever the issuer says, nobody goes on with it from this machine.
    signIns.forget(broker);
    Cache.forget(local(), signIn.get().id());
    print("signed out of " + broker);
    switch (Revocation.of(signIn.get())) {
      case DONE, NOTHING_TO_DO -> {
        // Nothing is left that anybody could use for long.
      }
      case NOT_POSSIBLE ->
          note("the issuer cannot be told; a copy of the sign-in would renew until it ends there");
      case FAILED ->
          note(
              "the issuer could not be told; a copy of the sign-in would renew until it ends there");
    }
    return DONE;
  }
}

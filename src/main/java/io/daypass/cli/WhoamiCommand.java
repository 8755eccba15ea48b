package io.daypass.cli;

import io.daypass.cli.client.Local;
import io.daypass.cli.client.Texts;
import io.daypass.web.api.Wire;
import java.util.ArrayList;
import picocli.CommandLine.Command;

/** {@code daypass whoami}. */
@Command(name = "whoami", description = "Say who the broker takes you for.")
final class WhoamiCommand extends ClientCommand {

  WhoamiCommand(Local local) {
    super(local);
  }

  @Override
  int run() {
    var given = api().get("/v1/me", Wire.Me.class).orFail();
    if (wantsJson()) {
      json(given);
      return DONE;
    }
    var me = given.value();
    var shown = new ArrayList<String>();
    shown.add(me.email() == null ? me.subject() : me.email());
    shown.add("(" + me.issuer() + " " + me.subject() + ")");
    print(Texts.plain(String.join(" ", shown)));
    if (!me.groups().isEmpty()) {
      print(Texts.plain("groups: " + String.join(", ", me.groups())));
    }
    if (me.auditor()) {
      print("may read everybody's ledger");
    }
    if (me.administrator()) {
      print("may stop issuing and revoke anything");
    }
    return DONE;
  }
}

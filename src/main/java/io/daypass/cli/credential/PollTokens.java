package io.daypass.cli.credential;

import io.daypass.cli.client.Bearer;
import io.daypass.cli.client.Lines;
import io.daypass.cli.client.Local;
import io.daypass.cli.client.Members;
import io.daypass.cli.client.PrivateFolder;
import io.daypass.cli.client.PrivateFolder.UnsafeException;
import java.io.IOException;
import java.util.Map;
import java.util.function.Consumer;

/**
 * The poll tokens of requests that people decide on, one file for each role and caller: a caller is
 * named by a digest of the broker's address and their token, so nobody else comes with it, and it
 * is shown to nobody else.
 */
final class PollTokens {

  private static final String TOKEN = "poll_token";

  private final PrivateFolder folder;
  private final Consumer<String> notes;

  PollTokens(Local local, Consumer<String> notes) {
    this.folder = new PrivateFolder(local.configFolder().resolve("waiting"));
    this.notes = notes;
  }

  /** What {@code bearer} is to show for {@code role}: the poll token, if there is one. */
  Bearer inPlaceOf(Bearer bearer, String role) {
    try {
      var kept = folder.read(name(bearer, role)).flatMap(Lines::read);
      var token = kept.isPresent() ? kept.get().getOrDefault(TOKEN, "") : "";
      return BearerToken.isPlain(token)
          ? new Bearer(token, bearer.scope(), bearer.origin())
          : bearer;
    } catch (IOException e) {
      notes.accept("what waits for people cannot be carried on: " + why(e));
      return bearer;
    }
  }

  /** Keeps what {@code answer} gives to come back with, if it gives anything. */
  void keep(Bearer bearer, String role, Members answer) {
    var token = answer.text(TOKEN).orElse("");
    if (!BearerToken.isPlain(token)) {
      return;
    }
    try {
      folder.write(name(bearer, role), Lines.write(Map.of(TOKEN, token)));
    } catch (IOException e) {
      notes.accept("the request will be lost to this token: " + why(e));
    }
  }

  void forget(Bearer bearer, String role) {
    try {
      folder.delete(name(bearer, role));
    } catch (IOException _) {
      // It opens nothing any more.
    }
  }

  private String why(IOException e) {
    return e instanceof UnsafeException unsafe
        ? unsafe.failure().error() + ", mend it with: " + unsafe.failure().hint()
        : folder.path("") + " cannot be read and written";
  }

  private static String name(Bearer bearer, String role) {
    return bearer.scope() + "." + role;
  }
}

package io.daypass.cli.client;

import io.daypass.cli.client.PrivateFolder.UnsafeException;
import java.io.IOException;
import java.util.Map;

/** What the command line was told once: the broker's URL. */
public final class Config {

  private static final String FILE = "config";
  private static final String VARIABLE = "DAYPASS_URL";
  private static final String HINT = "daypass login https://daypass.example.com";

  private final Local local;
  private final PrivateFolder folder;

  public Config(Local local) {
    this.local = local;
    this.folder = new PrivateFolder(local.configFolder());
  }

  /** The broker: {@code DAYPASS_URL}, or what the last {@code daypass login URL} named. */
  public BrokerUrl broker() {
    var variable = local.variable(VARIABLE);
    if (variable.isPresent()) {
      return url(variable.get(), VARIABLE);
    }
    var kept = values().get("url");
    if (kept == null) {
      throw Failure.of("no broker is known yet; name yours when you sign in", HINT);
    }
    return url(kept, folder.path(FILE).toString());
  }

  /** What to do where the broker's address is wrong: a login changes nothing of the variable. */
  public String remedy() {
    return local.variable(VARIABLE).isPresent()
        ? "unset DAYPASS_URL, or set it to your broker's address"
        : HINT;
  }

  /** The URL in {@code text}, or the end of the command. */
  private BrokerUrl url(String text, String where) {
    return BrokerUrl.parse(text)
        .orElseThrow(() ->
            Failure.of(
                where + " is not a broker's url: https://host, or http on this machine", remedy()));
  }

  /** Whether the file names this broker, whatever the environment says. */
  public boolean isKept(BrokerUrl broker) {
    return broker.text().equals(values().get("url"));
  }

  public void keep(BrokerUrl broker) {
    try {
      folder.write(FILE, Lines.write(Map.of("url", broker.text())));
    } catch (UnsafeException e) {
      throw e.failure();
    } catch (IOException e) {
      throw Failure.of(
          folder.path(FILE) + " cannot be written", "export DAYPASS_URL=" + broker.text());
    }
  }

  private Map<String, String> values() {
    try {
      return folder.read(FILE).flatMap(Lines::read).orElse(Map.of());
    } catch (UnsafeException e) {
      throw e.failure();
    } catch (IOException e) {
      throw Failure.of(folder.path(FILE) + " cannot be read", HINT);
    }
  }
}

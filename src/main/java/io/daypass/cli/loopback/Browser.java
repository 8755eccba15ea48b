package io.daypass.cli.loopback;

import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * The person's browser. What it is started with can be read by everybody on the machine: never a
 * secret.
 */
public final class Browser {

  private static final int PATIENCE_SECONDS = 2;

  private final Map<String, String> environment;

  public Browser(Map<String, String> environment) {
    this.environment = Map.copyOf(environment);
  }

  /** Opens {@code url}; false if there is no browser to be seen here. */
  public boolean open(URI url) {
    for (var program : programs()) {
      if (starts(program, url.toString())) {
        return true;
      }
    }
    return false;
  }

  /** What to try, in this order. {@code BROWSER} is a list with colons, as of xdg-open(1). */
  private List<String> programs() {
    var programs = new ArrayList<String>();
    for (var one : environment.getOrDefault("BROWSER", "").split(":", -1)) {
      if (!one.isBlank()) {
        programs.add(one.strip());
      }
    }
    if (System.getProperty("os.name", "").toLowerCase(Locale.ROOT).startsWith("mac")) {
      programs.add("open");
    } else if (environment.containsKey("WSL_DISTRO_NAME")) {
      programs.add("wslview");
    }
    // Without a screen, xdg-open would start a text browser in the middle of our output.
    if (environment.containsKey("DISPLAY") || environment.containsKey("WAYLAND_DISPLAY")) {
      programs.add("xdg-open");
    }
    return programs;
  }

  private boolean starts(String program, String url) {
    var words = new ArrayList<String>();
    for (var word : program.split("\\s+", -1)) {
      words.add(word.replace("%s", url));
    }
    if (!program.contains("%s")) {
      words.add(url);
    }
    var builder =
        new ProcessBuilder(words)
            .redirectInput(Redirect.from(new File("/dev/null")))
            .redirectOutput(Redirect.DISCARD)
            .redirectError(Redirect.DISCARD);
    builder.environment().clear();
    builder.environment().putAll(environment);
    try {
      var process = builder.start();
      // What runs on is a browser; what fails says so at once.
      return !process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS) || process.exitValue() == 0;
    } catch (IOException _) {
      return false;
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}

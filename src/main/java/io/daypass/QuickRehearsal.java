package io.daypass;

import io.daypass.cli.credential.Quick;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;

/**
 * Goes through a command that SDKs run, once from the broker and once from the cache, and through
 * nothing else: every class that the JVM keeps of this is loaded at each of its next starts, needed
 * or not.
 */
final class QuickRehearsal {

  private QuickRehearsal() {}

  public static void main(String[] args) {
    var out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
    var err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
    var command = new String[] {"aws", "credentials", "rehearsal"};
    var exit = 0;
    for (var i = 0; i < 2 && exit == 0 && Quick.serves(command); i++) {
      exit = Quick.run(command, Main.here(System.getenv()), out, err);
    }
    Runtime.getRuntime().halt(exit);
  }
}

package io.daypass.cli.credential;

import io.daypass.cli.client.Broker;
import io.daypass.cli.client.Failure;
import io.daypass.cli.client.Local;
import java.io.PrintWriter;
import java.util.function.Consumer;

/**
 * The commands that SDKs and tools run for every call. They are read here, before the command line
 * is: loading what reads it would take longer than they do.
 */
public final class Quick {

  private static final int LONGEST_ROLE = 64;

  private Quick() {}

  /**
   * Whether {@code args} are exactly such a command; with options it is anything else's. The
   * launcher goes by the same rule, and leaves out the libraries that are not needed here.
   */
  public static boolean serves(String[] args) {
    return args.length == 3 && knows(args[0] + " " + args[1]) && !isOption(args[2]);
  }

  private static boolean isOption(String word) {
    return word.startsWith("-") || word.startsWith("@");
  }

  private static boolean knows(String words) {
    return switch (words) {
      case "aws credentials", "gcp token", "azure token", "kube credentials" -> true;
      default -> false;
    };
  }

  private static Format format(String words, Local local) {
    return switch (words) {
      case "aws credentials" -> new AwsProcess();
      case "gcp token" -> BearerToken.GOOGLE;
      case "azure token" -> BearerToken.AZURE;
      case "kube credentials" -> new KubeExec(local);
      default -> throw new IllegalArgumentException("not served here");
    };
  }

  /** Runs a command that is {@link #serves served} here; answers its exit code. */
  public static int run(String[] args, Local local, PrintWriter out, PrintWriter err) {
    var format = format(args[0] + " " + args[1], local);
    return run(args[2], format, local, out, note -> err.println("daypass: " + note));
  }

  /**
   * Prints a credential, or one line that says why there is none.
   *
   * @param err takes a line
   */
  public static int run(
      String role, Format format, Local local, PrintWriter out, Consumer<String> err) {
    try {
      if (!isRole(role)) {
        throw Failure.usage("\"" + role + "\" is no name of a role", "daypass roles");
      }
      var held = new Credentials(local, Broker.of(local), err).take(role, format);
      out.println(held.output());
      if (out.checkError()) {
        throw Failure.of("what should read the credential is gone", "run it again");
      }
      return 0;
    } catch (Failure failure) {
      // One line: SDKs show it as it is, inside a sentence of their own.
      err.accept("error: " + failure.error() + "; hint: " + failure.hint());
      return failure.exit();
    }
  }

  /** As the broker's paths have it; and so safe as a part of a file's name. */
  static boolean isRole(String text) {
    // A loop, not a stream or a pattern: those take milliseconds to load.
    for (var i = 0; i < text.length(); i++) {
      var c = text.charAt(i);
      if (!isAlphanumeric(c) && (i == 0 || (c != '.' && c != '_' && c != '-'))) {
        return false;
      }
    }
    return !text.isEmpty() && text.length() <= LONGEST_ROLE;
  }

  private static boolean isAlphanumeric(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
  }
}

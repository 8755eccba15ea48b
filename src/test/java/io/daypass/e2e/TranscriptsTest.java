package io.daypass.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.daypass.cli.Operator;
import io.daypass.cli.Terminal;
import io.daypass.cli.Tools;
import io.daypass.cli.client.Local;
import io.daypass.cli.screen.Screen;
import io.daypass.sandbox.http.FreePort;
import io.daypass.sandbox.run.CannotRun;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What people type and what they read, against a real broker. {@code alice$} is her shell, {@code
 * nobody$} one in which nobody has signed in, {@code down$} one whose broker is down. Lines of
 * stderr are marked with {@code !}, the exit code with {@code =>}. Ids are {@code <1>}, {@code <2>}
 * in the order they come, and {@code <1:6>} is typed for the first six characters; times are put
 * aside. With {@code -Ddaypass.transcripts=write} the files are written anew, to be read before
 * they are kept.
 */
class TranscriptsTest {

  private static final Path FOLDER = Path.of("src/test/transcripts");
  private static final Pattern WORD = Pattern.compile("\"([^\"]*)\"|'([^']*)'|(\\S+)");
  // No word is so long without the letters that ids leave out.
  private static final Pattern ID = Pattern.compile("\\b[0-9a-hjkmnp-tv-z]{16}\\b");
  private static final Pattern TYPED = Pattern.compile("<(\\d+)(?::(\\d+))?>");
  private static final Pattern DAY =
      Pattern.compile("(Mon|Tue|Wed|Thu|Fri|Sat|Sun) \\d{1,2} [A-Z][a-z]{2} \\d\\d:\\d\\d");

  @TempDir private static Path home;
  private static World world;

  @BeforeAll
  static void start() throws IOException, CannotRun, InterruptedException {
    world = World.busy("warn");
    world.replica().awaitReady();
  }

  @AfterAll
  static void stop() {
    world.close();
  }

  @Test
  void theCommandsAnswerAsInTheirTranscripts() throws IOException {
    var expected = new LinkedHashMap<Path, String>();
    var played = new LinkedHashMap<Path, String>();
    try (var files = Files.list(FOLDER)) {
      for (var file : files.filter(f -> f.toString().endsWith(".txt")).sorted().toList()) {
        expected.put(file, Files.readString(file));
        played.put(file, new Play().play(Files.readString(file)));
      }
    }
    assertThat(expected).isNotEmpty();
    if ("write".equals(System.getProperty("daypass.transcripts"))) {
      for (var one : played.entrySet()) {
        Files.writeString(one.getKey(), one.getValue());
      }
    } else {
      expected.forEach(
          (file, text) -> assertThat(played.get(file)).as(file.toString()).isEqualTo(text));
    }
  }

  /** One file, played from its first command to its last. */
  private static final class Play {

    private final List<String> ids = new ArrayList<>();

    String play(String transcript) throws IOException {
      var played = new StringBuilder();
      var comments = true;
      for (var line : transcript.lines().toList()) {
        if (line.matches("[a-z]+\\$ .*")) {
          played.append(line).append('\n').append(run(line)).append('\n');
          comments = false;
        } else if (line.startsWith("#")) {
          played.append(line).append("\n");
          comments = true;
        } else if (line.isBlank() && comments) {
          played.append('\n');
        }
      }
      return played.toString();
    }

    private String run(String line) throws IOException {
      int prompt = line.indexOf('$');
      var words = words(line.substring(prompt + 1));
      assertThat(words.getFirst()).isEqualTo("daypass");
      var out = new StringWriter();
      var err = new StringWriter();
      var local = new Local(shell(line.substring(0, prompt)), home, InstantSource.system());
      var tools = Tools.of(Screen.none(), ZoneOffset.UTC);
      var code =
          new Terminal(Operator.nobody(), local, tools)
              .run(
                  words.subList(1, words.size()).toArray(String[]::new),
                  new PrintWriter(out),
                  new PrintWriter(err));
      var marked = err.toString().lines().map(l -> "! " + l + "\n").toList();
      return masked(out + String.join("", marked)) + (code == 0 ? "" : "=> " + code + "\n");
    }

    private static Map<String, String> shell(String person) throws IOException {
      var environment = new HashMap<String, String>();
      environment.put("DAYPASS_URL", world.url());
      switch (person) {
        case "nobody" -> {}
        case "down" -> {
          environment.put("DAYPASS_URL", "http://127.0.0.1:" + FreePort.find());
          environment.put("DAYPASS_TOKEN", world.person("alice"));
        }
        case String name -> environment.put("DAYPASS_TOKEN", world.person(name));
      }
      return environment;
    }

    private List<String> words(String text) {
      var words = new ArrayList<String>();
      var matcher =
          WORD.matcher(
              TYPED.matcher(text).replaceAll(found -> typed(found.group(1), found.group(2))));
      while (matcher.find()) {
        for (int group = 1; group <= 3; group++) {
          if (matcher.group(group) != null) {
            words.add(matcher.group(group));
          }
        }
      }
      return words;
    }

    private String typed(String number, @Nullable String length) {
      var id = ids.get(Integer.parseInt(number) - 1);
      return length == null ? id : id.substring(0, Integer.parseInt(length));
    }

    private String masked(String text) {
      var known =
          ID.matcher(text)
              .replaceAll(found -> {
                if (!ids.contains(found.group())) {
                  ids.add(found.group());
                }
                return "<" + (ids.indexOf(found.group()) + 1) + ">";
              });
      var stable =
          known
              .replaceAll("\\d{4}-\\d\\d-\\d\\dT[0-9:.]+Z", "<instant>")
              .replaceAll("(?m)^\\d+ +<instant>", "<n> <instant>")
              .replaceAll("localhost%3A\\d+", "<broker>");
      return DAY.matcher(stable)
          .replaceAll("<time>")
          .replaceAll("\\b\\d\\d:\\d\\d\\b(?!:)", "<time>")
          .replaceAll("<time>, in [0-9a-z ]+", "<time>, in <span>")
          .replace(world.url(), "<broker>")
          .replaceAll("http://127.0.0.1:\\d+", "<nowhere>")
          .replaceAll("SigninToken=[^&\\s\"]+", "SigninToken=<secret>")
          .replaceAll("http://[a-z0-9.:]+/aws/signin", "<signin>");
    }
  }
}

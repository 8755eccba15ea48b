package io.daypass.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.daypass.Needs;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which JVM the launcher finds, and what it calls the start-up cache of that one and its build. */
class LauncherTest {

  private static final Path PROGRAMS = Path.of("src/main/launcher/bin");
  private static final String USUAL = "/usr/lib/jvm/* /usr/java/* /opt/java/* /opt/jdk*";

  @TempDir private Path folder;
  private final Map<String, String> environment = new HashMap<>();
  private Path home;
  private Path launcher;

  @BeforeEach
  void start() throws IOException {
    home = Files.createDirectories(folder.resolve("home"));
    launcher = folder.resolve("my tools/bin/daypass");
    Files.createDirectories(launcher.getParent());
    Files.createDirectories(folder.resolve("my tools/lib"));
    for (var name : new String[] {"daypass", "find-java"}) {
      var text = Files.readString(PROGRAMS.resolve(name));
      assertThat(text).contains(USUAL);
      // What is on this machine is not what is looked for.
      program(launcher.resolveSibling(name), text.replace(USUAL, folder + "/nothing/*"));
    }
    program(launcher.resolveSibling("warm-up"), "#!/bin/sh\nprintf '%s|%s' \"$2\" \"$3\"\n");
    build("b1\n");
    var tools = Files.createDirectories(folder.resolve("tools"));
    for (var tool : new String[] {"sh", "readlink", "sed", "dirname"}) {
      Files.createSymbolicLink(tools.resolve(tool), found(tool));
    }
    environment.put("HOME", home.toString());
    environment.put("PATH", tools.toString());
  }

  @Test
  void aJvmInAPersonsFolderIsKnownByItsFileAndNotStarted() throws Exception {
    var java = java(home.resolve(".jdks/mine"), "25.0.3+9");
    release(java, "25.0.3", "Test-25.0.3+9");
    assertThat(key()).isEqualTo("b1-25.0.3-Test-25.0.3+9.aot");
    release(java, "25.0.4", "Test-25.0.4+7");
    assertThat(key()).as("after an upgrade").isEqualTo("b1-25.0.4-Test-25.0.4+7.aot");
    assertThat(home.resolve("started")).doesNotExist();
  }

  @Test
  void aJvmWithoutThatFileIsKnownByWhatItSays() throws Exception {
    var older = java(home.resolve(".jdks/older"), "17.0.9+1");
    release(older, "17.0.9", "Test-17.0.9+1");
    var java = java(folder.resolve("own"), "25.0.3+9");
    environment.put("JAVA_HOME", java.toString());
    assertThat(key()).isEqualTo("b1-25.0.3+9-unknown.aot");
    java(java, "25.0.4+7");
    assertThat(key()).as("after an upgrade").isEqualTo("b1-25.0.4+7-unknown.aot");
  }

  @Test
  void anOlderJvmIsNone() throws Exception {
    release(java(home.resolve(".jdks/older"), "17.0.9+1"), "17.0.9", "Test-17.0.9+1");
    assertThat(key()).startsWith("daypass: error: no Java 25 or newer was found");
  }

  @Test
  void anotherBuildHasAnotherCache() throws Exception {
    jvm();
    assertThat(said()).isEqualTo(folder + "/my tools/lib/|b1-25.0.3-Test-25.0.3+9.aot");
    // As it is without the end of its line.
    build("0.2.0_b-2");
    assertThat(key()).isEqualTo("0.2.0_b-2-25.0.3-Test-25.0.3+9.aot");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "\n",
        "../../evil\n",
        "a/b\n",
        "a b\n",
        "$(id)\n",
        "a*\n",
        "\u00e9\n",
        "a;b\n"
      })
  void aBuildThatIsNoWordHasNoCache(String odd) throws Exception {
    jvm();
    build(odd);
    assertThat(said()).startsWith("|");
  }

  @Test
  void aBuildThatIsNotNamedOrTooLongHasNoCache() throws Exception {
    jvm();
    build("a".repeat(65) + "\n");
    assertThat(said()).startsWith("|");
    Files.delete(folder.resolve("my tools/lib/build"));
    assertThat(said()).startsWith("|");
  }

  @Test
  void eachPlaceHasAFolderOfItsOwnInAPersonsCache() throws Exception {
    jvm();
    var caches = new HashSet<String>();
    var places = new String[] {"a_b", "a/b", "a__b", "a/_b", "a_/b", "a-b", "a/-b"};
    for (var place : places) {
      var lib = Files.createDirectories(folder.resolve(place).resolve("lib"));
      Files.createDirectories(lib.resolveSibling("bin"));
      for (var name : new String[] {"daypass", "find-java", "warm-up"}) {
        program(
            lib.resolve("../bin").resolve(name), Files.readString(launcher.resolveSibling(name)));
      }
      Files.writeString(lib.resolve("build"), "b1\n");
      assertThat(lib.toFile().setWritable(false)).isTrue();
      Needs.circumstance(!Files.isWritable(lib), "root writes everywhere");
      launcher = lib.resolveSibling("bin").resolve("daypass");
      var cache = said().replaceFirst("\\|.*", "");
      assertThat(cache).matches(home + "/.cache/daypass/jvm/[^/]+/");
      caches.add(cache);
    }
    assertThat(caches).hasSize(places.length);
  }

  @Test
  void whatWasMadeForOtherBuildsGoesAndSoDoesWhatHasNoBuildInItsName() throws Exception {
    jvm();
    program(launcher.resolveSibling("warm-up"), Files.readString(PROGRAMS.resolve("warm-up")));
    for (var tool : new String[] {"mkdir", "find", "rm", "mv", "chmod"}) {
      Files.createSymbolicLink(folder.resolve("tools").resolve(tool), found(tool));
    }
    var key = "-25.0.3-Test-25.0.3+9.aot";
    var lib = folder.resolve("my tools/lib");
    for (var old : List.of("daypass.aot", "daypass-b0" + key, "quick-b0" + key, "service-b0.aot")) {
      Files.createFile(lib.resolve(old));
    }
    for (var kept : List.of("daypass.jar", "service-b1.aot", "daypass-b1" + key)) {
      Files.createFile(lib.resolve(kept));
    }
    said();
    try (var files = Files.list(lib)) {
      // The JVM here learns nothing.
      assertThat(files.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrder(
              "build", "daypass.jar", "service-b1.aot", "daypass-b1" + key, "b1" + key + ".failed");
    }
  }

  private void jvm() throws IOException {
    release(java(home.resolve(".jdks/mine"), "25.0.3+9"), "25.0.3", "Test-25.0.3+9");
  }

  private void build(String named) throws IOException {
    Files.writeString(folder.resolve("my tools/lib/build"), named);
  }

  /** What the start-up cache is called, or what the launcher says instead. */
  private String key() throws IOException, InterruptedException {
    return said().replaceFirst("^[^|]*\\|", "");
  }

  /** Where the start-up caches are, and what they are called. */
  private String said() throws IOException, InterruptedException {
    var builder = new ProcessBuilder(launcher.toString(), "warm-up").redirectErrorStream(true);
    builder.environment().clear();
    builder.environment().putAll(environment);
    var process = builder.start();
    var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    process.waitFor();
    return said;
  }

  /** A JVM that says no more than its version, and leaves a trace of that. */
  private Path java(Path where, String build) throws IOException {
    Files.createDirectories(where.resolve("bin"));
    program(
        where.resolve("bin/java"),
        """
        #!/bin/sh
        echo started >> "$HOME/started"
        echo 'openjdk version "%s" 2026-04-21' >&2
        echo 'OpenJDK Runtime Environment Test-%s (build %s)' >&2
        """
            .formatted(build.replaceAll("\\+.*", ""), build, build));
    return where;
  }

  private static void release(Path java, String version, String build) throws IOException {
    Files.writeString(
        java.resolve("release"),
        "IMPLEMENTOR_VERSION=\"" + build + "\"\nJAVA_VERSION=\"" + version + "\"\n");
  }

  private static void program(Path file, String text) throws IOException {
    Files.writeString(file, text);
    assertThat(file.toFile().setExecutable(true)).isTrue();
  }

  private static Path found(String tool) {
    return Arrays.stream(new String[] {"/usr/bin", "/bin"})
        .map(where -> Path.of(where, tool))
        .filter(Files::isExecutable)
        .findFirst()
        .orElseThrow();
  }
}

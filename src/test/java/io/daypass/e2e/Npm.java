package io.daypass.e2e;

import io.daypass.Needs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.concurrent.TimeUnit;

/**
 * Libraries for JavaScript, from their registry: what the lock file in {@code source} names, and
 * the programs beside it, in a folder of the build.
 */
record Npm(Path source, Path folder) {

  static Npm of(String source, String folder) {
    return new Npm(
        Path.of("src/test").resolve(source), Path.of("target").resolve(folder).toAbsolutePath());
  }

  /** The program of this name, in its newest version. */
  String program(String name) throws IOException {
    copy(name);
    return folder.resolve(name).toString();
  }

  /** Installs them if they are not there yet; where that cannot be, the test is left out. */
  void install() throws Exception {
    Needs.programs("node", "npm");
    var lock = source.resolve("package-lock.json");
    var installed = folder.resolve("installed");
    if (Files.exists(installed) && Files.mismatch(lock, installed) == -1) {
      return;
    }
    Files.createDirectories(folder);
    copy("package.json");
    copy("package-lock.json");
    var npm =
        new ProcessBuilder("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund")
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("npm.log").toFile())
            .start();
    var done = npm.waitFor(120, TimeUnit.SECONDS) && npm.exitValue() == 0;
    Needs.tool(done, "libraries by npm (see " + folder.resolve("npm.log") + ")");
    Files.copy(lock, installed, StandardCopyOption.REPLACE_EXISTING);
  }

  private void copy(String file) throws IOException {
    Files.copy(source.resolve(file), folder.resolve(file), StandardCopyOption.REPLACE_EXISTING);
  }
}

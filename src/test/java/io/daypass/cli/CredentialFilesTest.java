package io.daypass.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The files that credentials are kept in. */
class CredentialFilesTest extends CredentialsFixture {

  @Test
  void d8_theSecondProcessIsServedFromAPrivateFile() throws IOException {
    take();
    gives("TWO", Duration.ofHours(1), Duration.ofHours(8));
    assertThat(take().out()).contains("\"ONE\"");
    assertThat(broker.asked).hasSize(1);
    for (var file : files()) {
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
          .isEqualTo("rw-------");
    }
    assertThat(mode(files().getFirst().resolveSibling(""))).isEqualTo("rwx------");
  }

  @Test
  void withoutAFolderToWriteInItWorksAndSaysSoOnce() throws IOException {
    Files.createFile(home.resolve(".cache"));
    var ran = take();
    assertThat(ran.out()).contains("\"ONE\"");
    assertThat(ran.err().lines()).hasSize(1);
    assertThat(ran.err()).startsWith("daypass: working without a cache: ");
    assertThat(ran.exit()).isZero();
  }

  @Test
  void d8_aFileThatOthersCanReadIsNotUsed() throws IOException {
    take();
    Files.setPosixFilePermissions(entry(), PosixFilePermissions.fromString("rw-r--r--"));
    gives("TWO", Duration.ofHours(1), Duration.ofHours(8));
    var ran = take();
    assertThat(ran.out()).contains("\"TWO\"");
    assertThat(ran.err()).contains("can be read or written by others", "chmod 600");
    assertThat(mode(entry())).isEqualTo("rw-------");
  }

  @Test
  void aLinkIsNotFollowed() throws IOException {
    take();
    var entry = entry();
    var elsewhere = Files.move(entry, home.resolve("elsewhere"));
    Files.createSymbolicLink(entry, elsewhere);
    gives("TWO", Duration.ofHours(1), Duration.ofHours(8));
    assertThat(take().out()).contains("\"TWO\"");
    assertThat(Files.readString(elsewhere)).contains("ONE");
  }

  @Test
  void aFolderThatOthersCanWriteIsNotUsed() throws IOException {
    take();
    Files.setPosixFilePermissions(
        entry().resolveSibling(""), PosixFilePermissions.fromString("rwxrwxrwx"));
    gives("TWO", Duration.ofHours(1), Duration.ofHours(8));
    assertThat(take().out()).contains("\"TWO\"");
  }

  @Test
  void aFileThatWasCutOffIsNotUsed() throws IOException {
    take();
    var text = Files.readString(entry());
    Files.writeString(entry(), text.substring(0, text.indexOf("output")));
    gives("TWO", Duration.ofHours(1), Duration.ofHours(8));
    assertThat(take().out()).contains("\"TWO\"");
  }

  private List<Path> files() throws IOException {
    try (var files = Files.walk(home.resolve(".cache"))) {
      return files.filter(Files::isRegularFile).sorted().toList();
    }
  }

  private Path entry() throws IOException {
    try (var files = Files.walk(home.resolve(".cache"))) {
      return files.filter(f -> f.endsWith("aws.prod-readonly")).findFirst().orElseThrow();
    }
  }

  private static String mode(Path file) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
  }
}

package io.daypass.cli.child;

import static org.assertj.core.api.Assertions.assertThat;

import io.daypass.cloud.Secret;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TokenFileTest {

  @TempDir private Path folder;
  private final List<Duration> waited = new ArrayList<>();
  private Optional<Secret> good = Optional.of(new Secret("one"));

  @BeforeEach
  void closed() throws IOException {
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
  }

  /** Runs {@code looks} each in its turn after a pause, and ends. */
  private TokenFile file(Runnable... looks) throws IOException {
    var file =
        new TokenFile(
            folder,
            "token",
            () -> good,
            time -> {
              if (waited.size() == looks.length) {
                throw new InterruptedException();
              }
              looks[waited.size()].run();
              waited.add(time);
            });
    file.keep();
    return file;
  }

  @Test
  void itIsThereAtOnceAndHoldsTheTokenAndNothingElse() throws IOException {
    var file = file();
    assertThat(file.path()).hasContent("one");
    assertThat(Files.size(file.path())).isEqualTo(3);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file.path())))
        .isEqualTo("rw-------");
  }

  @Test
  void aNewerTokenReplacesIt() throws IOException {
    assertThat(file(() -> good = Optional.of(new Secret("two"))).path()).hasContent("two");
    assertThat(waited).containsExactly(Duration.ofSeconds(1));
  }

  @Test
  void whatIsNoLongerGoodIsNoLongerThere() throws IOException {
    assertThat(file(() -> good = Optional.empty()).path()).doesNotExist();
    try (var left = Files.list(folder)) {
      assertThat(left).isEmpty();
    }
  }

  @Test
  void afterANoItIsAskedForEverMoreRarelyUntilThereIsOneAgain() throws IOException {
    Runnable same = () -> {};
    var file =
        file(
            () -> good = Optional.empty(),
            same,
            same,
            same,
            same,
            same,
            same,
            () -> good = Optional.of(new Secret("two")),
            same);
    assertThat(waited.stream().map(Duration::toSeconds))
        .containsExactly(1L, 10L, 20L, 40L, 80L, 160L, 300L, 300L, 1L);
    assertThat(file.path()).hasContent("two");
  }
}

package io.daypass.cli;

import io.daypass.cli.child.AwsOutfit;
import io.daypass.cli.child.AzureOutfit;
import io.daypass.cli.child.GoogleOutfit;
import io.daypass.cli.child.OidcOutfit;
import io.daypass.cli.child.Outfit;
import io.daypass.cli.child.TokenFile;
import io.daypass.cli.client.Local;
import io.daypass.cli.client.PrivateFolder;
import io.daypass.cli.credential.Keys;
import io.daypass.cli.loopback.CredentialsEndpoint;
import io.daypass.cli.loopback.GoogleEndpoint;
import io.daypass.cli.loopback.IdentityEndpoint;
import io.daypass.cli.loopback.Supply;
import io.daypass.cloud.Secret;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.Optional;

/** What a command's tools ask for a role's keys while it runs: in the way of the role's cloud. */
final class Serving implements AutoCloseable {

  private final Local local;
  private final Supply supply;
  private final Secret door;
  private final Path scratch;
  private final Deque<Runnable> closing = new ArrayDeque<>();
  private final Outfit outfit;

  /**
   * Serves until closed.
   *
   * @param first says of which cloud the keys are
   * @param role its name
   * @param door what opens the endpoint; new each time
   */
  Serving(Keys first, Supply supply, String role, Secret door, Local local) throws IOException {
    this.local = local;
    this.supply = supply;
    this.door = door;
    // Of mode 0700.
    this.scratch = Files.createTempDirectory("daypass-exec-");
    try {
      this.outfit = outfit(first, role);
    } catch (IOException e) {
      close();
      throw e;
    }
  }

  /** What the command is given. */
  Outfit outfit() {
    return outfit;
  }

  private Outfit outfit(Keys first, String role) throws IOException {
    return switch (first) {
      case Keys.Aws _ -> {
        var endpoint = new CredentialsEndpoint(supply, door);
        closing.push(endpoint::close);
        var ours = local.environment();
        yield AwsOutfit.endpoint(endpoint.url(), door, role, ours, local.home(), scratch);
      }
      case Keys.Google _ -> {
        var endpoint = new GoogleEndpoint(supply, door, local.clock());
        closing.push(endpoint::close);
        var account = GoogleOutfit.account(endpoint.url(), door);
        new PrivateFolder(scratch).write("account.json", account);
        yield GoogleOutfit.files(scratch.resolve("account.json"), token());
      }
      case Keys.Azure _ -> {
        var endpoint = new IdentityEndpoint(supply, door);
        closing.push(endpoint::close);
        var settings = Files.createDirectory(scratch.resolve("az"));
        yield AzureOutfit.endpoint(endpoint.url(), door, settings);
      }
      case Keys.Oidc _ -> OidcOutfit.file(token());
    };
  }

  /** A file with the token, kept fresh. */
  private Path token() throws IOException {
    var file = TokenFile.keep(scratch, "token", this::now);
    closing.push(file::close);
    return file.path();
  }

  private Optional<Secret> now() {
    return switch (supply.take()) {
      case Supply.Answer.None _ -> Optional.empty();
      case Supply.Answer.Given(Keys.Google keys, var _) -> Optional.of(keys.accessToken());
      case Supply.Answer.Given(Keys.Oidc keys, var _) -> Optional.of(keys.idToken());
      // The others are not for files.
      case Supply.Answer.Given _ -> Optional.empty();
    };
  }

  @Override
  public void close() {
    closing.forEach(Runnable::run);
    try (var files = Files.walk(scratch)) {
      for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException | UncheckedIOException _) {
      // Nobody else can read it, and what is in it ends by itself.
    }
  }
}

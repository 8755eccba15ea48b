package io.daypass.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.daypass.Needs;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Terraform itself, with no settings but ours. Providers are never fetched: those are used that
 * stand where Terraform looks by itself, or in the folder that {@code TERRAFORM_MIRROR} names.
 *
 * @param folder for what it leaves behind
 */
record Terraform(Path folder) {

  record Ended(int code, String out, String err) {

    Ended good() {
      assertThat(code).as(out + err).isZero();
      return this;
    }
  }

  static void assumed() {
    Needs.programs("terraform");
  }

  static void assumed(String provider) {
    assumed();
    Needs.tool(
        mirrors()
            .anyMatch(root ->
                Files.isDirectory(root.resolve("registry.terraform.io/hashicorp/" + provider))),
        "provider " + provider + " of Terraform's, where it looks or in TERRAFORM_MIRROR,");
  }

  // Terraform CLI, "Provider installation": where it looks for providers by itself.
  private static Stream<Path> mirrors() {
    var home = System.getProperty("user.home");
    var usual =
        Stream.of(
            home + "/.terraform.d/plugins",
            home + "/.local/share/terraform/plugins",
            "/usr/local/share/terraform/plugins",
            "/usr/share/terraform/plugins");
    return Stream.concat(named(), usual.map(Path::of));
  }

  private static Stream<Path> named() {
    return Stream.ofNullable(System.getenv("TERRAFORM_MIRROR")).map(Path::of);
  }

  Ended run(Path in, String... arguments) throws IOException, InterruptedException {
    var command = new ArrayList<>(List.of("terraform"));
    command.addAll(List.of(arguments));
    var builder = new ProcessBuilder(command).directory(in.toFile());
    builder.environment().keySet().removeIf(name -> name.startsWith("TF_"));
    builder.environment().keySet().removeIf(name -> name.startsWith("AWS_"));
    builder.environment().put("TF_CLI_CONFIG_FILE", settings().toString());
    builder.environment().put("CHECKPOINT_DISABLE", "1");
    builder.environment().put("TF_IN_AUTOMATION", "1");
    var err = folder.resolve("err");
    var process = builder.redirectError(err.toFile()).start();
    var out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (!process.waitFor(3, TimeUnit.MINUTES)) {
      process.destroyForcibly();
      throw new AssertionError("terraform does not end");
    }
    return new Ended(process.exitValue(), out, Files.readString(err));
  }

  /** What {@code in} says of what was made there, by name. */
  JsonObject outputs(Path in) throws IOException, InterruptedException {
    return new JsonObject(run(in, "output", "-no-color", "-json").good().out());
  }

  private Path settings() throws IOException {
    var mirror =
        named()
            .findFirst()
            .map(path ->
                "provider_installation {\n  filesystem_mirror {\n    path = \"%s\"\n  }\n}\n"
                    .formatted(path))
            .orElse("");
    return Files.writeString(folder.resolve("terraformrc"), mirror);
  }
}

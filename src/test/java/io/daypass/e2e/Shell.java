package io.daypass.e2e;

import java.io.IOException;
import java.net.http.HttpRequest;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/** Programs of others, each with a home of its own and nothing of ours in its environment. */
record Shell(Path home) {

  private static final Set<String> OURS = Set.of("AWS_", "DAYPASS_", "TF_", "KUBE");

  /** What a program printed, errors too, and how it ended. */
  record Ran(int code, String out) {}

  Ran run(Map<String, String> environment, String... command)
      throws IOException, InterruptedException {
    var process = start(environment, command);
    var text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (!process.waitFor(120, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new AssertionError("did not end: " + List.of(command) + text);
    }
    return new Ran(process.exitValue(), text);
  }

  Process start(Map<String, String> environment, String... command) throws IOException {
    var builder = new ProcessBuilder(command).redirectErrorStream(true).directory(home.toFile());
    var own = builder.environment();
    own.keySet().removeIf(name -> OURS.stream().anyMatch(name::startsWith));
    // pyenv and its like look for themselves under the home that is replaced below.
    own.putIfAbsent("PYENV_ROOT", System.getProperty("user.home") + "/.pyenv");
    own.put("HOME", home.toString());
    own.put("AWS_DEFAULT_REGION", "eu-central-1");
    own.put("AWS_EC2_METADATA_DISABLED", "true");
    own.putAll(environment);
    return builder.start();
  }

  /** {@code request} as a file that {@code curl -K} reads: a token has no place in an argument. */
  static String curl(HttpRequest request) {
    var config = new StringBuilder("url = \"" + request.uri() + "\"\n");
    config.append("request = \"").append(request.method()).append("\"\n");
    request
        .headers()
        .map()
        .forEach((name, values) ->
            config.append("header = \"%s: %s\"\n".formatted(name, values.getFirst())));
    request
        .bodyPublisher()
        .filter(body -> body.contentLength() > 0)
        .ifPresent(body -> config.append("data-binary = \"").append(text(body)).append("\"\n"));
    return config.toString();
  }

  private static String text(HttpRequest.BodyPublisher body) {
    var whole = new CompletableFuture<String>();
    body.subscribe(
        new Flow.Subscriber<>() {
          private final StringBuilder text = new StringBuilder();

          @Override
          public void onSubscribe(Flow.Subscription subscription) {
            subscription.request(Long.MAX_VALUE);
          }

          @Override
          public void onNext(ByteBuffer part) {
            text.append(StandardCharsets.US_ASCII.decode(part));
          }

          @Override
          public void onError(Throwable fault) {
            whole.completeExceptionally(fault);
          }

          @Override
          public void onComplete() {
            whole.complete(text.toString());
          }
        });
    return whole.join();
  }

  /** What the last match of {@code pattern} captured. */
  static String last(String text, String pattern) {
    var matcher = Pattern.compile(pattern).matcher(text.toLowerCase(Locale.ROOT));
    var found = "";
    while (matcher.find()) {
      found = matcher.group(1);
    }
    return found;
  }
}

package io.daypass.cli;

import java.io.IOException;
import java.net.CookieManager;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

/** A person at a browser: a program that notes where it is sent, and what they do there. */
final class Surfer {

  private static final Pattern HIDDEN = Pattern.compile("name=\"id\" value=\"([^\"]+)\"");
  private static final HttpClient CLIENT =
      HttpClient.newBuilder().cookieHandler(new CookieManager()).build();

  private final Path note;
  private final Path program;

  Surfer(Path folder) throws IOException {
    note = folder.resolve("sent-to");
    program = folder.resolve("browser");
    Files.writeString(
        program,
        "#!/bin/sh\nprintf '%s' \"$1\" > " + note + ".new && mv " + note + ".new " + note + "\n");
    if (!program.toFile().setExecutable(true)) {
      throw new IOException("cannot make a program");
    }
  }

  /** What {@code BROWSER} must say. */
  String program() {
    return program.toString();
  }

  /** Where the browser was sent, once it was. */
  String sentTo() throws Exception {
    while (!Files.exists(note)) {
      Thread.sleep(10);
    }
    return Files.readString(note);
  }

  /** Signs in as {@code person} and answers the page at the end. */
  CompletableFuture<HttpResponse<String>> signsInAs(String person) {
    return goes(authorize -> back(authorize, person));
  }

  /** Signs in as {@code person}, whom the issuer still knows in this browser from before. */
  CompletableFuture<HttpResponse<String>> goesOnAs(String person) {
    return goes(authorize -> back(authorize, person + "&continue=yes"));
  }

  /** Goes where the link leads, and from there to what {@code there} makes of it. */
  CompletableFuture<HttpResponse<String>> goes(UnaryOperator<String> there) {
    try {
      Files.deleteIfExists(note);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    return CompletableFuture.supplyAsync(() -> {
      try {
        var authorize = location(get(sentTo()));
        var callback = get(there.apply(authorize));
        return callback.statusCode() == 303 ? get(location(callback)) : callback;
      } catch (Exception e) {
        throw new IllegalStateException(e);
      }
    });
  }

  /** The address that the issuer sends the browser to after {@code person} was picked. */
  static String back(String authorize, String person) {
    var page = get(authorize).body();
    var id = HIDDEN.matcher(page);
    if (!id.find()) {
      throw new IllegalStateException("no sign-in page: " + page);
    }
    var target = URI.create(authorize).resolve("/staff/sign-in");
    var form = "person=" + person + "&id=" + id.group(1);
    return location(
        send(
            HttpRequest.newBuilder(target)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString(form))));
  }

  static HttpResponse<String> get(String url) {
    return send(HttpRequest.newBuilder(URI.create(url)));
  }

  static String location(HttpResponse<String> answer) {
    return answer
        .headers()
        .firstValue("Location")
        .orElseThrow(() -> new IllegalStateException(answer.statusCode() + answer.body()));
  }

  private static HttpResponse<String> send(HttpRequest.Builder request) {
    try {
      return CLIENT.send(request.build(), BodyHandlers.ofString());
    } catch (IOException e) {
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}

package io.daypass.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.daypass.sandbox.http.Form;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * As much of a browser as a sign-in takes: keeps cookies by host and name and sends them by their
 * SameSite, says where a call comes from, and goes on where a page leads. Pages of the broker are
 * asked of whichever replica it is pointed at.
 */
final class Browser {

  /** The cookie of a session. */
  static final String SESSION = "__Host-daypass";

  /** The cookie of a sign-in that is under way. */
  static final String FLOW = "__Host-daypass-flow";

  private static final HttpClient CLIENT =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(10))
          .build();
  private static final Pattern REFRESH =
      Pattern.compile("http-equiv=\"refresh\" content=\"0; ?url=([^\"]+)\"");
  private static final Pattern INPUT = Pattern.compile("<input[^>]*>");

  private final World world;
  private final Map<String, Map<String, Cookie>> jars = new LinkedHashMap<>();
  private Replica replica;

  Browser(World world) {
    this.world = world;
    this.replica = world.replicas().getFirst();
  }

  private record Cookie(String value, String attributes) {
    boolean isStrict() {
      return attributes.contains("SameSite=Strict");
    }
  }

  /** From now on, the broker is this replica. */
  Browser at(Replica other) {
    replica = other;
    return this;
  }

  /** What was answered. */
  record Page(HttpResponse<String> answer) {

    int status() {
      return answer.statusCode();
    }

    String body() {
      return answer.body();
    }

    String header(String name) {
      return answer.headers().firstValue(name).orElse("");
    }

    /** The page, which must have this status and say this code. */
    Page is(int status, String code) {
      assertThat(status()).as(body()).isEqualTo(status);
      assertThat(body()).contains("<code>" + code + "</code>");
      assertThat(header("Content-Type")).startsWith("text/html");
      return this;
    }

    Page is(int status) {
      assertThat(status()).as(body()).isEqualTo(status);
      return this;
    }

    /** Where it goes on to by itself. */
    String onward() {
      var refresh = REFRESH.matcher(body());
      assertThat(refresh.find()).as(status() + " " + body()).isTrue();
      return refresh.group(1).replace("&amp;", "&");
    }

    /** The value of a field of its (first) form. */
    String field(String name) {
      return INPUT
          .matcher(body())
          .results()
          .map(input -> input.group())
          .filter(input -> input.contains("name=\"" + name + "\""))
          .map(input -> input.replaceFirst(".*value=\"([^\"]*)\".*", "$1"))
          .findFirst()
          .orElseThrow(() -> new AssertionError(status() + " " + body()));
    }
  }

  /** Follows a link on a page of the same site. */
  Page get(String path) {
    return send("GET", path, "same-origin", "", Map.of());
  }

  /** Comes from another site, or by a redirect of one. */
  Page arrive(String path) {
    return send("GET", path, "cross-site", "", Map.of());
  }

  Page get(String path, Map<String, String> headers) {
    return send("GET", path, "same-origin", "", headers);
  }

  /** Sends a form of a page of the broker. */
  Page post(String path, Map<String, String> fields) {
    return post(path, form(fields), Map.of());
  }

  /**
   * Sends a body.
   *
   * @param headers in place of those of a browser; an empty one is left out
   */
  Page post(String path, String body, Map<String, String> headers) {
    var all = new LinkedHashMap<String, String>();
    all.put("Origin", world.url());
    all.put("Content-Type", "application/x-www-form-urlencoded");
    all.putAll(headers);
    return send("POST", path, "same-origin", body, all);
  }

  /** What an address says after its question mark. */
  static Form query(String address) {
    return Form.parse(URI.create(address).getRawQuery());
  }

  static String form(Map<String, String> fields) {
    return URI.create(Form.url("http://x/", fields)).getRawQuery();
  }

  /** Signs in as {@code person} at the sandbox's issuer; the last page goes on to {@code to}. */
  Page signIn(String person, String to) {
    return arrive(callback(person, begin(Map.of("to", to))));
  }

  Page signIn(String person) {
    return signIn(person, "/");
  }

  /** Proves anew who one is. */
  Page signInAnew(String person, String to) {
    return arrive(callback(person, begin(Map.of("to", to, "fresh", "yes"))));
  }

  /** Where the broker sends somebody who wants to sign in. */
  String begin(Map<String, String> wish) {
    // Which also who is signed in gets to see.
    var page = get("/sign-in?fresh").is(200);
    var fields = new LinkedHashMap<>(wish);
    fields.put("form_token", page.field("form_token"));
    return post("/sign-in/staff", fields).is(200).onward();
  }

  /** Picks {@code person} at the issuer; the path that the issuer sends the browser back to. */
  String callback(String person, String address) {
    var picker = outside("GET", address, "");
    assertThat(picker.statusCode()).as(picker.body()).isEqualTo(200);
    var id = new Page(picker).field("id");
    var answer =
        outside(
            "POST",
            world.sandbox.url() + "/staff/sign-in",
            form(Map.of("id", id, "person", person)));
    return back(answer);
  }

  /** The path that an answer of the issuer leads back to. */
  String back(HttpResponse<String> answer) {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(303);
    var location = answer.headers().firstValue("Location").orElseThrow();
    assertThat(location).startsWith(world.url() + "/sign-in/");
    return location.substring(world.url().length());
  }

  HttpResponse<String> outside(String method, String address, String body) {
    var uri = URI.create(address);
    var headers = new LinkedHashMap<String, String>();
    if (!body.isEmpty()) {
      headers.put("Content-Type", "application/x-www-form-urlencoded");
      headers.put("Sec-Fetch-Site", "same-origin");
    }
    return exchange(method, uri, body, headers, uri.getRawAuthority(), false);
  }

  /** Whether the pages know who this is. */
  boolean isSignedIn() {
    var answer = get("/sign-in?to=/here");
    return answer.status() == 303 && answer.header("Location").equals("/here");
  }

  Optional<String> cookie(String name) {
    return Optional.ofNullable(jar("broker").get(name)).map(Cookie::value);
  }

  /** Puts a cookie there, as somebody might who sat at this browser before. */
  void plant(String name, String value) {
    jar("broker").put(name, new Cookie(value, ""));
  }

  /** A cookie's attributes, as they were set. */
  String attributes(String name) {
    return jar("broker").get(name).attributes();
  }

  /** The form token of this browser's session. */
  String formToken() {
    return FormTokens.of(cookie(SESSION).orElseThrow());
  }

  private Page send(
      String method, String path, String site, String body, Map<String, String> headers) {
    var all = new LinkedHashMap<String, String>();
    all.put("Sec-Fetch-Site", site);
    all.putAll(headers);
    all.values().removeIf(String::isEmpty);
    var uri = URI.create(replica.api().url() + path);
    return new Page(exchange(method, uri, body, all, "broker", site.equals("cross-site")));
  }

  private HttpResponse<String> exchange(
      String method,
      URI uri,
      String body,
      Map<String, String> headers,
      String host,
      boolean crossSite) {
    var request =
        HttpRequest.newBuilder(uri)
            .timeout(Duration.ofSeconds(30))
            .method(method, BodyPublishers.ofString(body, StandardCharsets.UTF_8));
    headers.forEach(request::header);
    var cookies = new ArrayList<String>();
    jar(host)
        .forEach((name, cookie) -> {
          if (!(crossSite && cookie.isStrict())) {
            cookies.add(name + "=" + cookie.value());
          }
        });
    if (!cookies.isEmpty()) {
      request.header("Cookie", String.join("; ", cookies));
    }
    try {
      var answer = CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofString());
      keep(host, answer.headers().allValues("Set-Cookie"));
      return answer;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private void keep(String host, List<String> cookies) {
    for (var cookie : cookies) {
      var cut = cookie.indexOf(';');
      var pair = cookie.substring(0, cut).split("=", 2);
      if (cookie.contains("Max-Age=0")) {
        jar(host).remove(pair[0]);
      } else {
        jar(host).put(pair[0], new Cookie(pair[1], cookie.substring(cut + 1)));
      }
    }
  }

  private Map<String, Cookie> jar(String host) {
    return jars.computeIfAbsent(host, _ -> new LinkedHashMap<>());
  }
}

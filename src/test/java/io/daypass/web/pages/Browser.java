package io.daypass.web.pages;

import io.daypass.web.Running;
import java.net.URLEncoder;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** A browser without JavaScript: follows links, fills in forms as they stand on pages. */
public final class Browser {

  private static final Pattern INPUT =
      Pattern.compile("<input type=\"hidden\" name=\"([^\"]*)\" value=\"([^\"]*)\">");

  private final Running running;
  private final String session;
  private final String origin;

  public Browser(Running running, String session, String origin) {
    this.running = running;
    this.session = session;
    this.origin = origin;
  }

  HttpResponse<String> get(String path) {
    return running.send(
        running
            .to(path)
            .header("Cookie", cookie())
            .header("Accept", "text/html,application/xhtml+xml;q=0.9,*/*;q=0.8")
            .GET());
  }

  /** What stands at {@code path}, whatever its status. */
  String page(String path) {
    return get(path).body();
  }

  /**
   * Sends the form of {@code page} whose action is {@code action}, filled in with {@code fields}.
   */
  HttpResponse<String> submit(String page, String action, Map<String, String> fields) {
    var form = form(page, action);
    var all = new LinkedHashMap<String, String>();
    var hidden = INPUT.matcher(form);
    while (hidden.find()) {
      all.put(hidden.group(1), hidden.group(2));
    }
    all.putAll(fields);
    return post(action, all);
  }

  /** Posts {@code fields} as they are. */
  HttpResponse<String> post(String path, Map<String, String> fields) {
    var body =
        fields.entrySet().stream()
            .map(field -> encoded(field.getKey()) + "=" + encoded(field.getValue()))
            .collect(Collectors.joining("&"));
    return running.send(
        running
            .to(path)
            .header("Cookie", cookie())
            .header("Origin", origin)
            .header("Sec-Fetch-Site", "same-origin")
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(BodyPublishers.ofString(body)));
  }

  /** The token of this session's forms. */
  String formToken() {
    var hidden = INPUT.matcher(form(page("/"), "/sign-out"));
    if (!hidden.find()) {
      throw new AssertionError("a page has a form to sign out");
    }
    return hidden.group(2);
  }

  static boolean offers(String page, String action) {
    return page.contains("<form method=\"post\" action=\"" + action + "\"");
  }

  private static String form(String page, String action) {
    var start = page.indexOf("<form method=\"post\" action=\"" + action + "\"");
    if (start < 0) {
      throw new AssertionError("no form for " + action + " in\n" + page);
    }
    return page.substring(start, page.indexOf("</form>", start));
  }

  private String cookie() {
    return "__Host-daypass=" + session;
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}

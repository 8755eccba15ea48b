package io.daypass.sandbox.oidc;

import io.daypass.sandbox.http.Reply;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** What people see when they sign in. */
final class StaffPages {

  static final String STYLE =
      """
      :root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
      body { margin: 0; display: grid; min-height: 100vh; place-items: start center; }
      main { width: min(28rem, 100% - 2rem); padding-top: 12vh; }
      h1 { font-size: 1.5rem; margin: 0 0 .25rem; }
      p { margin: 0 0 1.25rem; }
      ul { list-style: none; margin: 0; padding: 0; display: grid; gap: .5rem; }
      button { width: 100%; font: inherit; text-align: left; padding: .625rem .875rem;
        border: 1px solid GrayText; border-radius: .5rem; background: Canvas; color: CanvasText;
        cursor: pointer; display: flex; justify-content: space-between; gap: 1rem; }
      button:hover { border-color: Highlight; }
      button:focus-visible, input:focus-visible { outline: 3px solid Highlight; outline-offset: 2px; }
      .groups { color: GrayText; }
      label { display: block; margin-bottom: .25rem; }
      input { font: inherit; padding: .5rem; width: 100%; box-sizing: border-box;
        margin-bottom: 1rem; }
      """;

  private static final String PAGE =
      """
      <!doctype html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <title>%1$s</title>
      <link rel="stylesheet" href="/staff/style.css">
      </head>
      <body>
      <main>
      <h1>%1$s</h1>
      %2$s
      </main>
      </body>
      </html>
      """;

  private StaffPages() {}

  /**
   * The picker.
   *
   * @param fields go with the choice
   * @param remembered who may go on without signing in again
   */
  static String picker(
      String lead, String action, Map<String, String> fields, Optional<Person> remembered) {
    var body = new StringBuilder("<p>").append(escape(lead)).append("</p>\n");
    remembered.ifPresent(person -> {
      var more = new LinkedHashMap<>(fields);
      more.put("continue", "yes");
      body.append("<p>Signed in as ").append(escape(person.name())).append(".</p>\n<ul>\n");
      body.append(choice(person, action, more, "Continue as " + person.name()));
      body.append("</ul>\n<p>Or sign in as somebody else:</p>\n");
    });
    body.append("<ul>\n");
    for (var person : Person.everybody()) {
      body.append(choice(person, action, fields, person.name()));
    }
    return PAGE.formatted("Sign in to Acme", body.append("</ul>"));
  }

  static String enterCode() {
    return PAGE.formatted(
        "Connect a device",
        """
        <form method="get" action="/staff/device">
        <label for="user_code">Code shown by the device</label>
        <input id="user_code" name="user_code" autocomplete="off" required>
        <button>Go on</button>
        </form>\
        """);
  }

  static String message(String title, String text) {
    return PAGE.formatted(escape(title), "<p>" + escape(text) + "</p>");
  }

  /**
   * A page that runs nothing.
   *
   * @param leadsTo where, besides here, a form may end up: browsers hold the redirect after a form
   *     to the same rule
   */
  static Reply reply(int status, String page, Optional<String> leadsTo) {
    var csp =
        "default-src 'none'; style-src 'self'; form-action 'self'"
            + leadsTo.map(origin -> " " + origin).orElse("")
            + "; frame-ancestors 'none'; base-uri 'none'";
    return new Reply(
        status,
        "text/html; charset=utf-8",
        page,
        Map.of(
            "Content-Security-Policy", csp,
            "Cache-Control", "no-store",
            "Referrer-Policy", "no-referrer",
            "X-Content-Type-Options", "nosniff"));
  }

  static String escape(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;")
        .replace("'", "&#39;");
  }

  private static String choice(
      Person person, String action, Map<String, String> fields, String label) {
    var form =
        new StringBuilder("<li><form method=\"post\" action=\"").append(action).append("\">");
    fields.forEach((name, value) -> form.append(hidden(name, value)));
    return form.append(hidden("person", person.id()))
        .append("<button><span>")
        .append(escape(label))
        .append("</span><span class=\"groups\">")
        .append(escape(String.join(", ", person.groups())))
        .append("</span></button></form></li>\n")
        .toString();
  }

  private static String hidden(String name, String value) {
    return "<input type=\"hidden\" name=\"" + escape(name) + "\" value=\"" + escape(value) + "\">";
  }
}

package io.daypass.web.pages;

import io.daypass.web.Answer;
import io.daypass.web.Problem;
import io.vertx.core.buffer.Buffer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** HTML without any ornament. */
public final class PlainLook implements Look {

  private static final String HTML = "text/html; charset=utf-8";

  @Override
  public Answer signIn(SignInPage page) {
    var problem = page.problem() == null ? "" : said(page.problem());
    var forms =
        page.issuers().isEmpty()
            ? "<p>Nobody can sign in here yet: give an issuer of people a <code>web</code> client"
                + " in the settings.</p>"
            : page.issuers().stream()
                .map(issuer -> form(page, issuer))
                .collect(Collectors.joining("\n"));
    return page(
        page.problem() == null ? 200 : page.problem().code().status(),
        "Sign in",
        "",
        problem + forms);
  }

  @Override
  public Answer onward(String address) {
    var to = escaped(address);
    return page(
        200,
        "Daypass",
        "<meta http-equiv=\"refresh\" content=\"0; url=" + to + "\">",
        "<p><a href=\"" + to + "\">Continue</a></p>");
  }

  @Override
  public Answer problem(Problem problem, @Nullable String back) {
    var to = escaped(back == null ? "/" : back);
    return page(
            problem.code().status(),
            problem.code().title(),
            "",
            said(problem) + "<p><a href=\"" + to + "\">Continue</a></p>")
        .code(problem.code().text());
  }

  private static String form(SignInPage page, String issuer) {
    return "<form method=\"post\" action=\"/sign-in/%s\">%s%s%s<button>Sign in with %s</button></form>"
        .formatted(
            escaped(issuer),
            hidden("to", page.to()),
            page.fresh() ? hidden("fresh", "yes") : "",
            hidden(FormToken.FIELD, page.formToken()),
            escaped(issuer));
  }

  private static String hidden(String name, String value) {
    return "<input type=\"hidden\" name=\"" + name + "\" value=\"" + escaped(value) + "\">";
  }

  private static String said(Problem problem) {
    return "<p>%s</p><p>%s</p><p><code>%s</code></p>"
        .formatted(
            escaped(problem.detail()), escaped(problem.next()), escaped(problem.code().text()));
  }

  private static Answer page(int status, String title, String head, String body) {
    var html =
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>%s</title>%s</head>"
                .formatted(escaped(title), head)
            + "<body><h1>%s</h1>%s</body></html>".formatted(escaped(title), body);
    return new Answer(status, HTML, Buffer.buffer(html))
        .header("Content-Security-Policy", POLICY)
        // With no-referrer browsers would put "Origin: null" on our own forms.
        .header("Referrer-Policy", "same-origin");
  }

  private static final String POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self';"
          + " connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none';"
          + " object-src 'none'; require-trusted-types-for 'script'; trusted-types 'none'";

  private static String escaped(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;")
        .replace("'", "&#39;");
  }
}

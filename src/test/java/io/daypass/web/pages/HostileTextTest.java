package io.daypass.web.pages;

import static org.assertj.core.api.Assertions.assertThat;

import io.daypass.identity.Callers;
import io.daypass.web.Code;
import io.daypass.web.Problem;
import io.daypass.web.api.World;
import io.vertx.core.json.JsonObject;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** W1: whatever strangers write stays text, on every page. */
class HostileTextTest {

  /** Inside a tag: a style, or something that runs. */
  private static final Pattern ACTIVE =
      Pattern.compile("<[^>]*\\s(?:style|on[a-z]+|srcdoc)\\s*=", Pattern.CASE_INSENSITIVE);

  private static final Pattern ELEMENTS = Pattern.compile("<([a-zA-Z][a-zA-Z0-9]*)");
  private static final List<String> KNOWN =
      List.of(
          "html",
          "head",
          "meta",
          "title",
          "link",
          "body",
          "a",
          "header",
          "nav",
          "form",
          "input",
          "span",
          "button",
          "main",
          "footer",
          "h1",
          "h2",
          "p",
          "section",
          "table",
          "thead",
          "tbody",
          "tr",
          "th",
          "td",
          "bdi",
          "br",
          "time",
          "code",
          "dl",
          "div",
          "dt",
          "dd",
          "ul",
          "ol",
          "li",
          "aside",
          "label",
          "textarea",
          "select",
          "option",
          "pre",
          "strong",
          "details",
          "summary");

  private static final String POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self';"
          + " form-action 'self'; frame-ancestors 'none'; base-uri 'none'; object-src 'none';"
          + " require-trusted-types-for 'script'; trusted-types 'none'";

  private final World world = new World();
  private final Browser bob = world.browser("bob");
  private final Browser mallory = world.browser("mallory");
  private final Browser erin = world.browser("erin");

  @AfterEach
  void stop() {
    world.close();
  }

  // What the API takes as prose: everything but what turns or hides text.
  private static final String PROSE =
      "</title></textarea><script>alert(1)</script>\"'><img src=x onerror=alert(1)> <b style=x>"
          + " [link](javascript:alert(1)) <!-- --> ${7*7} &lt; "
          + "w".repeat(300);

  private String hostileRequest() {
    var made =
        world.post(
            "mallory",
            "/v1/requests",
            new JsonObject(
                    Map.of(
                        "role", "mischief",
                        "duration", "2h",
                        "reason", PROSE,
                        "ticket", "\"><script>x</script>"))
                .encode());
    assertThat(made.statusCode()).as(made.body()).isEqualTo(201);
    return "/requests/" + new JsonObject(made.body()).getString("id");
  }

  @Test
  void w1_whateverStrangersWriteStaysTextOnEveryPage() {
    var request = hostileRequest();
    var pages = new ArrayList<HttpResponse<String>>();
    pages.add(bob.get("/"));
    pages.add(bob.get(request));
    pages.add(mallory.get("/"));
    pages.add(mallory.get(request));
    pages.add(mallory.get("/roles"));
    pages.add(mallory.get("/roles/mischief"));
    pages.add(
        mallory.submit(
            mallory.page("/roles/mischief"),
            "/roles/mischief/request",
            Map.of("duration", PROSE, "reason", PROSE, "ticket", PROSE, "starts_at", PROSE)));
    pages.add(
        bob.submit(
            bob.page(request), request + "/approve", Map.of("comment", PROSE, "duration", PROSE)));
    bob.submit(bob.page(request), request + "/approve", Map.of("comment", PROSE));
    pages.add(mallory.get(request));
    pages.add(mallory.get("/roles/nobody-knows-it"));
    pages.add(mallory.get("/requests"));
    pages.add(erin.get("/requests"));
    mallory.get("/ledger");
    pages.add(erin.get("/ledger"));
    pages.add(erin.get("/ledger?role=" + URLEncoder.encode(PROSE, StandardCharsets.UTF_8)));
    pages.add(erin.get("/ledger?caller=" + URLEncoder.encode(PROSE, StandardCharsets.UTF_8)));
    pages.add(erin.get("/ledger"));
    pages.forEach(page -> isHarmless(page.body()));
    assertThat(pages.get(1).body())
        .contains("&lt;script&gt;alert(1)&lt;/script&gt;", "\\u{202e}", "\\u{2066}", "\\u{1b}");
  }

  private String shownToBob(String run) {
    var asked = world.post(run, "/v1/roles/mischief/credentials", "{\"reason\":\"release\"}");
    assertThat(asked.statusCode()).as(asked.body()).isEqualTo(202);
    return bob.page("/requests/" + new JsonObject(asked.body()).getString("request_id"));
  }

  @Test
  void w1_whatAPipelineClaimsStaysTextAndLeadsNowhere() {
    var shown = shownToBob("vandal");
    assertThat(shown).contains("The run that asks", "&lt;script&gt;", "\\u{202e}");
    assertThat(shown).doesNotContain("href=\"http");
    isHarmless(shown);
    isHarmless(bob.page("/"));
  }

  @Test
  void anApproverIsLedToTheRunWhereItsOwnServiceShowsIt() {
    assertThat(shownToBob("release"))
        .contains(
            "acme/shop",
            "refs/heads/main",
            "0123456789abcdef0123456789abcdef01234567",
            "<a href=\"https://github.com/acme/shop/actions/runs/77\""
                + " rel=\"noopener noreferrer nofollow\">");
  }

  @Test
  void w1_whatAnIssuerSaysOfAFailedSignInStaysText() {
    var templates = new Templates();
    var problem = Problem.of(Code.BAD_REQUEST, Callers.HOSTILE, Callers.HOSTILE);
    Stream.of(
            templates.problem(problem, "/"),
            templates.signIn(new SignInPage(List.of("staff"), "/" + PROSE, true, problem, "token")),
            templates.onward("https://example.com/?a=\"><script>"))
        .forEach(answer -> isHarmless(answer.body().toString()));
  }

  @Test
  void everyHtmlAnswerCarriesTheHeadersOfTheBaseline() {
    var request = hostileRequest();
    for (var page :
        List.of(
            bob.get("/"),
            bob.get(request),
            bob.get("/roles"),
            bob.get("/requests/none"),
            bob.get("/requests"),
            bob.get("/ledger"),
            erin.get("/ledger"),
            bob.post(request + "/approve", Map.of("form_token", "forged")))) {
      var headers = page.headers();
      assertThat(headers.firstValue("Content-Type")).hasValue("text/html; charset=utf-8");
      assertThat(headers.allValues("Content-Security-Policy")).containsExactly(POLICY);
      assertThat(headers.firstValue("Cache-Control")).hasValue("no-store");
      assertThat(headers.firstValue("X-Content-Type-Options")).hasValue("nosniff");
      assertThat(headers.firstValue("Referrer-Policy")).hasValue("same-origin");
      assertThat(headers.firstValue("Cross-Origin-Opener-Policy")).hasValue("same-origin");
      assertThat(headers.firstValue("Cross-Origin-Resource-Policy")).hasValue("same-origin");
      assertThat(headers.firstValue("Strict-Transport-Security"))
          .hasValue("max-age=63072000; includeSubDomains");
      assertThat(headers.firstValue("Permissions-Policy").orElseThrow()).contains("camera=()");
    }
  }

  @Test
  void everyPageIsNamedHasALanguageAndLabelsItsFields() {
    var request = hostileRequest();
    for (var path :
        List.of("/", request, "/roles", "/roles/mischief", "/requests", "/ledger?kind=sealed")) {
      var html = bob.page(path) + mallory.page(path) + erin.page(path);
      assertThat(html).contains("<html lang=\"en\">", "<title>", "<main id=\"main\"", "<h1>");
      var ids = Pattern.compile("<(?:input|textarea|select) id=\"([^\"]+)\"").matcher(html);
      while (ids.find()) {
        assertThat(html).contains("<label for=\"" + ids.group(1) + "\">");
      }
    }
  }

  private static void isHarmless(String html) {
    assertThat(html).doesNotContainPattern(ACTIVE).doesNotContain("href=\"javascript");
    var elements = ELEMENTS.matcher(html);
    while (elements.find()) {
      assertThat(KNOWN).contains(elements.group(1));
    }
    assertThat(html.codePoints().filter(point -> point != '\n' && point != '\t'))
        .allMatch(io.daypass.identity.Harmless::is);
  }
}

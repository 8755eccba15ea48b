package io.daypass.web.pages;

import gg.jte.ContentType;
import gg.jte.TemplateEngine;
import gg.jte.output.StringOutput;
import io.daypass.web.Answer;
import io.daypass.web.Code;
import io.daypass.web.Problem;
import io.daypass.web.Route;
import io.daypass.web.pages.view.Form;
import io.daypass.web.pages.view.Frame;
import io.daypass.web.pages.view.Notice;
import io.daypass.web.pages.view.OnwardView;
import io.daypass.web.pages.view.ProblemView;
import io.daypass.web.pages.view.SignInView;
import io.vertx.core.buffer.Buffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Makes HTML of what pages show. Everything is escaped by where it stands, and what would turn or
 * hide the text around it is shown as an escape; no page has a script, and no page may run one.
 */
public final class Templates implements Look {

  private static final String HTML = "text/html; charset=utf-8";

  /** No inline style or script, nothing from elsewhere, in nobody's frame. */
  private static final String CONTENT_SECURITY_POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self';"
          + " form-action 'self'; frame-ancestors 'none'; base-uri 'none'; object-src 'none';"
          + " require-trusted-types-for 'script'; trusted-types 'none'";

  private static final String PERMISSIONS_POLICY =
      "accelerometer=(), autoplay=(), camera=(), display-capture=(),"
          + " encrypted-media=(), fullscreen=(), geolocation=(), gyroscope=(), hid=(),"
          + " idle-detection=(), magnetometer=(), microphone=(), midi=(), payment=(),"
          + " picture-in-picture=(), publickey-credentials-create=(),"
          + " publickey-credentials-get=(), screen-wake-lock=(), serial=(), usb=(),"
          + " xr-spatial-tracking=()";

  private final Assets assets = new Assets();
  private final TemplateEngine engine =
      TemplateEngine.createPrecompiled(
          null,
          ContentType.Html,
          Templates.class.getClassLoader(),
          "io.daypass.web.pages.template");

  /** The stylesheet and the icon. */
  public List<Route> routes() {
    return assets.routes();
  }

  /** A page around what {@code visit} sees. */
  Frame frame(String title, Visit visit) {
    return frame(title, visit, null);
  }

  /** The same, looked up again by itself. */
  Frame frame(String title, Visit visit, Frame.@Nullable Again again) {
    var shownAs = Shown.cut(visit.caller().identity().shownAs());
    return new Frame(
        title,
        assets.links(),
        new Frame.Viewer(shownAs, visit.formToken(), visit.readsLedger()),
        again);
  }

  /** The template {@code name} with what it shows. */
  Answer page(String name, Object view) {
    return headed(new Answer(200, HTML, body(name, view)));
  }

  /** The same as the answer to something that was not done. */
  Answer page(String name, Object view, Problem problem) {
    return headed(problem.answer(HTML, body(name, view)));
  }

  @Override
  public Answer signIn(SignInPage page) {
    var problem = page.problem();
    var forms = page.issuers().stream().map(issuer -> signIn(page, issuer)).toList();
    var view =
        new SignInView(
            strangers("Sign in", null),
            problem == null ? null : notice(problem),
            page.fresh(),
            forms,
            page.formToken());
    return problem == null ? page("signin", view) : page("signin", view, problem);
  }

  private static Form signIn(SignInPage page, String issuer) {
    var hidden = new LinkedHashMap<String, String>();
    hidden.put("to", page.to());
    if (page.fresh()) {
      hidden.put("fresh", "yes");
    }
    return new Form(
        "sign-in-" + issuer,
        "/sign-in/" + issuer,
        "Sign in with " + issuer,
        Form.Weight.MAIN,
        null,
        List.of(),
        hidden);
  }

  @Override
  public Answer onward(String address) {
    var frame = strangers("One moment", new Frame.Again(0, address));
    return page("onward", new OnwardView(frame, address));
  }

  @Override
  public Answer problem(Problem problem, @Nullable String back) {
    var view =
        new ProblemView(
            strangers(problem.code().title(), null),
            notice(problem),
            problem.code().status(),
            back == null ? "/" : back,
            onward(problem, back));
    return page("problem", view, problem);
  }

  private static String onward(Problem problem, @Nullable String back) {
    if (back == null) {
      return "To the main page";
    }
    return problem.code() == Code.SIGN_IN_REQUIRED ? "Sign in" : "Continue";
  }

  /** What a problem says on a page. */
  static Notice notice(Problem problem) {
    // What programs are told to do next is not what people do next.
    var next =
        switch (problem.code()) {
          case NOT_FOUND -> "check the address; what you may see is on the main page";
          case METHOD_NOT_ALLOWED -> "open the page that has the form, and send it there";
          default -> problem.next();
        };
    return new Notice(
        problem.code().text(),
        problem.code().title(),
        sentence(problem.detail()),
        sentence(next),
        problem.incident());
  }

  /** The same of a form that was sent: its fields are named as they are labelled. */
  static Notice notice(Tried tried, List<Form> forms) {
    var said = notice(tried.problem());
    var fields =
        forms.stream()
            .filter(form -> form.id().equals(tried.act()))
            .flatMap(form -> form.fields().stream())
            .toList();
    var invalid = tried.problem().code() == Code.MEMBER_INVALID;
    return new Notice(
        said.code(),
        invalid ? "Not filled in right" : said.title(),
        labelled(said.detail(), fields),
        labelled(said.next(), fields),
        said.incident());
  }

  private static String labelled(String text, List<Form.Field> fields) {
    var labelled = text;
    for (var field : fields) {
      labelled = labelled.replace('"' + field.name() + '"', '“' + field.label() + '”');
    }
    return labelled;
  }

  /** {@code text} with a capital letter and a full stop. */
  static String sentence(String text) {
    var first = text.codePointAt(0);
    var end = text.endsWith(".") || text.endsWith("!") || text.endsWith("?") ? "" : ".";
    return Character.toString(Character.toUpperCase(first))
        + text.substring(Character.charCount(first))
        + end;
  }

  private Frame strangers(String title, Frame.@Nullable Again again) {
    return new Frame(title, assets.links(), null, again);
  }

  private Buffer body(String name, Object view) {
    var output = new StringOutput();
    engine.render(name + ".jte", Map.of("view", view), output);
    return Buffer.buffer(Shown.harmless(output.toString()));
  }

  private static Answer headed(Answer answer) {
    return answer
        .header("Content-Security-Policy", CONTENT_SECURITY_POLICY)
        // Other sites are told nothing. Under "no-referrer" browsers would put "Origin: null" on
        // our
        // own forms too (Fetch standard, "append a request Origin header").
        .header("Referrer-Policy", "same-origin")
        .header("Permissions-Policy", PERMISSIONS_POLICY);
  }
}

package io.daypass.web.pages;

import io.daypass.identity.BrowserSignIn;
import io.daypass.identity.Caller;
import io.daypass.identity.SessionToken;
import io.daypass.identity.SignIns;
import io.daypass.web.Answer;
import io.daypass.web.Call;
import io.daypass.web.Code;
import io.daypass.web.Problem;
import io.daypass.web.Query;
import io.daypass.web.Route;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way in and out of the pages. A sign-in begins with a form of ours, in a browser that we gave
 * a cookie, and only that browser can finish it; so nobody can sign somebody else in as themselves.
 */
public record SignInRoutes(BrowserSignIn signIn, Visitors visitors, Visitors.Lodge lodge) {

  private static final Logger LOG = LoggerFactory.getLogger(SignInRoutes.class);
  private static final String HERE = "/sign-in";
  private static final String TO = "to";
  private static final String FRESH = "fresh";
  private static final Set<String> FIELDS = Set.of(TO, FRESH, FormToken.FIELD);
  private static final Duration CHOOSING = Duration.ofHours(1);
  private static final Duration SOON = Duration.ofSeconds(2);

  /** All routes. */
  public List<Route> routes() {
    return List.of(
        route("GET", HERE, Route.Body.NONE, this::choose).parameters(TO, FRESH),
        route("POST", HERE + "/{issuer}", Route.Body.FORM, this::begin),
        // RFC 6749, 4.1.2: parameters that are not known are passed over.
        route("GET", HERE + "/{issuer}/done", Route.Body.NONE, this::finish).anyParameter(),
        visitors.leave("/sign-out", visit -> leave(visit.caller())));
  }

  private Route route(String method, String template, Route.Body body, Route.Handler handler) {
    return new Route(method, template, Route.Lane.WORK, body, handler)
        .refusal(problem -> lodge.look().problem(problem, HERE));
  }

  private Answer choose(Call call) {
    var to = ReturnTo.parse(call.parameter(TO).orElse(ReturnTo.HOME));
    if (to.isEmpty() || !call.parameter(FRESH).orElse("").isEmpty()) {
      return lodge.look().problem(noPath(), HERE);
    }
    var fresh = call.parameter(FRESH).isPresent();
    var current = current(call);
    if (current.isPresent() && !fresh) {
      return Answer.empty(303).header("Location", to.get());
    }
    var issuers =
        current.filter(_ -> fresh).map(c -> List.of(c.id().issuer())).orElse(signIn.issuers());
    return page(call, new Asked(to.get(), fresh), issuers, null);
  }

  /** What somebody wants of a sign-in. */
  private record Asked(String to, boolean fresh) {}

  private Answer page(Call call, Asked asked, List<String> issuers, @Nullable Problem problem) {
    var browser = browser(call).orElseGet(signIn::browser);
    var page = new SignInPage(issuers, asked.to(), asked.fresh(), problem, FormToken.of(browser));
    var answer = lodge.look().signIn(page);
    return browser(call).isPresent()
        ? answer
        : answer.header("Set-Cookie", Cookies.flow(browser, CHOOSING));
  }

  private Answer begin(Call call) {
    // Each is a row until it is done: they are counted as tries, so that nobody fills the table.
    var wait = lodge.limits().failure(call.peer());
    if (wait.isPresent()) {
      return tooManyFailures(wait.get());
    }
    return switch (Query.of(call.body(), FIELDS)) {
      case Query.Refused(var problem) -> lodge.look().problem(problem, HERE);
      case Query.Read(var fields) -> {
        var to = ReturnTo.parse(fields.getOrDefault(TO, ReturnTo.HOME));
        var fresh = fields.getOrDefault(FRESH, "");
        if (to.isEmpty() || !(fresh.isEmpty() || fresh.equals("yes"))) {
          yield lodge.look().problem(noPath(), HERE);
        }
        yield begin(call, fields, new Asked(to.get(), !fresh.isEmpty()));
      }
    };
  }

  private Answer begin(Call call, Map<String, String> fields, Asked asked) {
    var browser = browser(call);
    var foreign = visitors.forms().foreign(call, fields, browser.map(FormToken::of).orElse(""));
    if (browser.isEmpty() || foreign.isPresent()) {
      return foreign
          .filter(problem -> problem.code() == Code.ORIGIN_NOT_ALLOWED)
          .map(problem -> lodge.look().problem(problem, HERE))
          .orElseGet(() -> page(call, asked, signIn.issuers(), overdue()));
    }
    var wish =
        new BrowserSignIn.Wish(call.segment("issuer"), browser.get(), asked.to(), asked.fresh());
    return switch (signIn.begin(wish, current(call))) {
      case BrowserSignIn.Begun.GoTo(var address) ->
          lodge
              .look()
              .onward(address.toString())
              .header("Set-Cookie", Cookies.flow(browser.get(), SignIns.PATIENCE));
      case BrowserSignIn.Begun.NoSuchIssuer _ ->
          lodge
              .look()
              .problem(
                  Problem.of(
                      Code.NOT_FOUND,
                      "nobody signs in with an issuer of that name",
                      "sign in anew"),
                  HERE);
      case BrowserSignIn.Begun.Unavailable(var issuer) -> unavailable(issuer, asked.to());
    };
  }

  private Answer finish(Call call) {
    return lodge
        .limits()
        .attempt(
            call.peer(),
            () -> tried(call),
            tried -> !tried.signedIn(),
            wait -> new Tried(tooManyFailures(wait), false))
        .answer();
  }

  /** What is answered, and whether somebody signed in. */
  private record Tried(Answer answer, boolean signedIn) {}

  private Tried tried(Call call) {
    var finished =
        browser(call)
            .map(browser -> signIn.finish(call.segment("issuer"), browser, call.query()))
            .orElseGet(BrowserSignIn.Finished.NotUnderWay::new);
    return new Tried(answer(finished), finished instanceof BrowserSignIn.Finished.SignedIn);
  }

  private Answer tooManyFailures(Duration wait) {
    return lodge.look().problem(Visitors.tooManyFailures(wait), HERE);
  }

  private Answer answer(BrowserSignIn.Finished finished) {
    return switch (finished) {
      // The issuer sent the browser, so what follows at once would be cross-site and without the
      // cookie, which is SameSite=Strict: a page of ours goes on instead.
      case BrowserSignIn.Finished.SignedIn(var session, var to) ->
          lodge
              .look()
              .onward(to)
              .header("Set-Cookie", Cookies.session(session.reveal()))
              .code("signed_in");
      case BrowserSignIn.Finished.NotUnderWay _ ->
          lodge
              .look()
              .problem(
                  Problem.of(
                      Code.SIGN_IN_UNKNOWN,
                      "this sign-in is over, was finished already, or began in another browser",
                      "sign in anew"),
                  HERE);
      case BrowserSignIn.Finished.NotBelieved(var why, var said, var to) -> {
        LOG.atInfo().addKeyValue("why", why).log("sign_in.refused");
        yield refused(Code.SIGN_IN_REFUSED, detail(why, said), to, false);
      }
      case BrowserSignIn.Finished.Unavailable(var issuer, var to) -> unavailable(issuer, to);
      case BrowserSignIn.Finished.NotFresh(var to) ->
          refused(
              Code.SIGN_IN_NOT_FRESH,
              "you were to prove anew who you are, and the issuer does not say that you did",
              to,
              true);
      case BrowserSignIn.Finished.OtherPerson(var to) ->
          refused(
              Code.SIGN_IN_OTHER_PERSON,
              "you were to prove anew who you are, and somebody else signed in; you are still"
                  + " signed in as before",
              to,
              true);
      case BrowserSignIn.Finished.Suspended _ ->
          lodge
              .look()
              .problem(
                  Problem.of(
                      Code.SUSPENDED, "an administrator has suspended you", "ask an administrator"),
                  HERE);
    };
  }

  private Answer refused(Code code, String detail, String to, boolean fresh) {
    return lodge.look().problem(Problem.of(code, detail, "sign in anew"), again(to, fresh));
  }

  private Answer unavailable(String issuer, String to) {
    return lodge
        .look()
        .problem(
            Problem.of(
                    Code.ISSUER_UNAVAILABLE,
                    "the issuer " + issuer + " cannot be reached now",
                    "try again in a moment")
                .after(SOON),
            again(to, false));
  }

  private static String again(String to, boolean fresh) {
    return HERE
        + "?"
        + (fresh ? FRESH + "=&" : "")
        + TO
        + "="
        + URLEncoder.encode(to, StandardCharsets.UTF_8);
  }

  private static String detail(String why, String said) {
    return "the sign-in was not accepted: " + why + (said.isEmpty() ? "" : " (" + said + ")");
  }

  private Answer leave(Caller caller) {
    signIn.end(caller);
    return Answer.empty(303)
        .header("Location", HERE)
        .header("Set-Cookie", Cookies.noSession())
        .code("signed_out");
  }

  private Optional<Caller> current(Call call) {
    return Cookies.value(call, Cookies.SESSION)
        .flatMap(cookie ->
            lodge
                .limits()
                .<Optional<Caller>>attempt(
                    call.peer(),
                    () ->
                        SessionToken.parse(cookie)
                            .flatMap(token -> lodge.sessions().find(token, true)),
                    Optional::isEmpty,
                    _ -> Optional.empty()));
  }

  private static Optional<String> browser(Call call) {
    return Cookies.value(call, Cookies.FLOW).filter(BrowserSignIn::isBrowser);
  }

  private static Problem noPath() {
    return Problem.of(
        Code.PARAMETER_INVALID,
        "\"to\" is not a path of these pages, or \"fresh\" has a value",
        "sign in and go on from the main page");
  }

  private static Problem overdue() {
    return Problem.of(
        Code.FORM_TOKEN_INVALID,
        "the page was open for too long, or cookies are switched off",
        "choose again with whom to sign in");
  }
}

package io.daypass.web.pages;

import io.daypass.identity.Caller;
import io.daypass.identity.SessionToken;
import io.daypass.web.Answer;
import io.daypass.web.Call;
import io.daypass.web.Code;
import io.daypass.web.Limits;
import io.daypass.web.Passage;
import io.daypass.web.Problem;
import io.daypass.web.Query;
import io.daypass.web.Route;
import io.daypass.web.api.Translation;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * Lets in who signed in with a browser, and sends everybody else to the sign-in and back. A token
 * is no session, and a session no token: neither is looked for where the other belongs.
 */
public final class Visitors {

  private final Lodge lodge;
  private final Forms forms;
  private final Familiar familiar = new Familiar();

  public Visitors(Lodge lodge) {
    this.lodge = lodge;
    this.forms = new Forms(lodge.publicUrl());
  }

  /**
   * What it takes to know visitors.
   *
   * @param sessions who signed in; empty for a session that is none, or is over
   * @param readsLedger who is an auditor
   * @param publicUrl where the pages are; forms are taken from there only
   */
  public record Lodge(
      Sessions sessions, Predicate<Caller> readsLedger, Limits limits, URI publicUrl, Look look) {}

  /** Who signed in with which browser. */
  @FunctionalInterface
  public interface Sessions {
    /**
     * Who that is; empty if nobody, or not any more.
     *
     * @param byPerson whether somebody did something; a page that looks again by itself keeps no
     *     session alive
     */
    Optional<Caller> find(SessionToken token, boolean byPerson);
  }

  /** What a visitor sees. */
  @FunctionalInterface
  public interface Page {
    Answer of(Visit visit);
  }

  /** What a visitor does: {@code fields} are those of the form, without its token. */
  @FunctionalInterface
  public interface Act {
    Answer of(Visit visit, Map<String, String> fields);
  }

  /**
   * GET of a page. Who is not signed in goes to the sign-in and comes back. To look at some pages
   * is written down, so what another site embeds is none: whoever comes from there, by a link too,
   * is led on by a small page of ours first.
   *
   * @param parameters of its query; any other is refused
   */
  public Route page(String template, Page page, String... parameters) {
    return new Route(
            "GET",
            template,
            Route.Lane.WORK,
            Route.Body.NONE,
            call ->
                isFromElsewhere(call)
                    ? lodge.look().onward(Forms.target(call))
                    : entered(call, () -> away(call), visit -> read(visit, page)).through())
        .parameters(parameters)
        .refusal(problem -> lodge.look().problem(problem, null));
  }

  /**
   * POST of a form, so often per minute as a person may decide. Nothing is done unless the session,
   * the form's token, where it comes from and every field are right.
   *
   * @param page the template of the page that has the form: where who is not signed in comes back
   * @param name the form's own: it is sent there, under its page
   * @param fields those it may have; each at most once, any other is refused
   */
  public Route act(String page, String name, Route.Lane lane, Set<String> fields, Act act) {
    return Route.gated(
            "POST",
            page + "/" + name,
            lane,
            Route.Body.FORM,
            call -> entered(call, () -> signInFirst(call, page), visit -> done(visit, fields, act)))
        .refusal(problem -> lodge.look().problem(problem, null));
  }

  /** POST of the form that ends a session: as {@link #act}, but nobody leaves too often. */
  Route leave(String template, Page page) {
    return Route.gated(
            "POST",
            template,
            Route.Lane.URGENT,
            Route.Body.FORM,
            call ->
                entered(
                    call,
                    () -> signInFirst(call, ReturnTo.HOME),
                    visit -> checked(visit, Set.of(), _ -> page.of(visit))))
        .refusal(problem -> lodge.look().problem(problem, null));
  }

  /** How forms that are ours are told from others. */
  Forms forms() {
    return forms;
  }

  private Passage entered(Call call, Supplier<Answer> out, Function<Visit, Answer> in) {
    var cookie = Cookies.value(call, Cookies.SESSION);
    if (cookie.isEmpty()) {
      return new Passage.Out(out.get());
    }
    Supplier<Passage> look = () -> looked(call, cookie.get(), out, in);
    // Anybody can make one up; what was found before, nobody made up.
    return SessionToken.parse(cookie.get()).filter(familiar::has).isPresent()
        ? new Passage.In(() -> look.get().through())
        : new Passage.Unknown(look);
  }

  private Passage looked(
      Call call, String cookie, Supplier<Answer> out, Function<Visit, Answer> in) {
    // Before anybody looks for a session: who failed too often waits.
    return lodge
        .limits()
        .<Passage>attempt(
            call.peer(),
            () ->
                found(call, cookie)
                    .<Passage>map(who -> new Passage.In(() -> in.apply(visit(call, cookie, who))))
                    .orElseGet(() -> new Passage.Out(out.get())),
            Passage.Out.class::isInstance,
            wait -> new Passage.Out(refused(tooManyFailures(wait))));
  }

  private Optional<Caller> found(Call call, String cookie) {
    var byPerson = call.parameter(RequestPage.LOOK).isEmpty();
    var session = SessionToken.parse(cookie);
    var caller = session.flatMap(token -> lodge.sessions().find(token, byPerson));
    session.ifPresent(caller.isPresent() ? familiar::remember : familiar::forget);
    return caller;
  }

  private Visit visit(Call call, String cookie, Caller who) {
    return new Visit(call, who, FormToken.of(cookie), lodge.readsLedger().test(who));
  }

  private Answer read(Visit visit, Page page) {
    return lodge
        .limits()
        .reading(
            visit.caller(), () -> page.of(visit), wait -> refused(Translation.tooManyAtOnce(wait)));
  }

  private Answer done(Visit visit, Set<String> known, Act act) {
    return checked(
        visit,
        known,
        fields ->
            lodge
                .limits()
                .decision(visit.caller().id())
                .map(wait -> refused(tooMany(wait)))
                .orElseGet(() -> act.of(visit, fields)));
  }

  /** {@code then}, with the fields of a form that is ours and has no others. */
  private Answer checked(
      Visit visit, Set<String> known, Function<Map<String, String>, Answer> then) {
    var names = new HashSet<>(known);
    names.add(FormToken.FIELD);
    return switch (Query.of(visit.call().body(), names)) {
      case Query.Refused(var problem) -> refused(problem);
      case Query.Read(var values) -> {
        var foreign = forms.foreign(visit.call(), values, visit.formToken());
        if (foreign.isPresent()) {
          yield refused(foreign.get());
        }
        var fields = new HashMap<>(values);
        fields.remove(FormToken.FIELD);
        yield then.apply(Map.copyOf(fields));
      }
    };
  }

  /**
   * Whether another site sent the browser here, which brings no session then, or one that nobody
   * asked for (W3C Fetch Metadata): a site of the same domain may be anybody's, too. From a page of
   * ours in between, which only a person's browser follows, they come with what is theirs.
   */
  private static boolean isFromElsewhere(Call call) {
    var site = call.header("sec-fetch-site");
    return site.contains("cross-site") || site.contains("same-site");
  }

  private static Answer away(Call call) {
    var target = Forms.target(call);
    // What is too long to come back to is found again from its path.
    var here = ReturnTo.parse(target).isPresent() ? target : target.replaceFirst("\\?.*", "");
    return Answer.empty(303).header("Location", signIn(here)).code(Code.SIGN_IN_REQUIRED.text());
  }

  /**
   * Of what was sent nothing goes along, so nobody does by signing in what they did not mean to.
   */
  private Answer signInFirst(Call call, String page) {
    var problem =
        Problem.of(
            Code.SIGN_IN_REQUIRED,
            "you are not signed in, or not any more; nothing was done",
            "sign in and do it again");
    var here = ReturnTo.parse(Forms.path(page, call)).orElse(ReturnTo.HOME);
    return lodge.look().problem(problem, signIn(here));
  }

  private static String signIn(String to) {
    return "/sign-in?to=" + URLEncoder.encode(to, StandardCharsets.UTF_8);
  }

  private Answer refused(Problem problem) {
    return lodge.look().problem(problem, null);
  }

  static Problem tooManyFailures(Duration wait) {
    return Problem.of(
            Code.TOO_MANY_FAILURES, "too many sign-ins from your address were refused", "wait")
        .after(wait);
  }

  private static Problem tooMany(Duration wait) {
    return Problem.of(Code.TOO_MANY_REQUESTS, "you come too often", "wait, then try again")
        .after(wait);
  }
}

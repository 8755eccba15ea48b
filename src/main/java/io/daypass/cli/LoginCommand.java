package io.daypass.cli;

import io.daypass.cli.client.Bearer;
import io.daypass.cli.client.Bearer.Origin;
import io.daypass.cli.client.Broker;
import io.daypass.cli.client.BrokerUrl;
import io.daypass.cli.client.Config;
import io.daypass.cli.client.Failure;
import io.daypass.cli.client.Hints;
import io.daypass.cli.client.Http;
import io.daypass.cli.client.Http.UnreachableException;
import io.daypass.cli.client.Local;
import io.daypass.cli.client.SignIn;
import io.daypass.cli.client.SignIns;
import io.daypass.cli.client.Texts;
import io.daypass.cli.client.Tokens;
import io.daypass.cli.credential.Cache;
import io.daypass.cli.loopback.Browser;
import io.daypass.cli.loopback.OneTimeLink;
import io.daypass.cli.signin.CodeSignIn;
import io.daypass.cli.signin.DeviceSignIn;
import io.daypass.cli.signin.Granted;
import io.daypass.cli.signin.Issuer;
import io.daypass.cli.signin.Revocation;
import io.daypass.cloud.Secret;
import io.daypass.web.api.Json;
import io.daypass.web.api.Wire;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code daypass login}. */
@Command(name = "login", description = "Sign in at your company's issuer, for one broker.")
final class LoginCommand extends ClientCommand {

  private final Supplier<String> unguessable;

  @Parameters(
      arity = "0..1",
      paramLabel = "URL",
      description = "the broker; remembered from then on")
  private @Nullable String url;

  @Option(names = "--device", description = "Sign in with a browser on another machine.")
  private boolean device;

  @Option(
      names = "--fresh",
      description = "Sign in again although the issuer still knows you; approving needs it.")
  private boolean fresh;

  @Option(
      names = "--issuer",
      paramLabel = "NAME",
      description = "Which issuer, where the broker has several.")
  private @Nullable String issuerName;

  LoginCommand(Local local, Supplier<String> unguessable) {
    super(local);
    this.unguessable = unguessable;
  }

  @Override
  int run() {
    var config = new Config(local());
    var broker = url == null ? config.broker() : named(url);
    var offered = offered(broker);
    var issuer = Issuer.discover(offered.issuer(), offered.clientId());
    // Before the person takes the trouble.
    new SignIns(local()).check(broker);
    try {
      var me = device ? withDevice(broker, issuer) : withBrowser(broker, issuer);
      if (url != null) {
        config.keep(broker);
      }
      said(broker, me);
      return DONE;
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      throw Failure.of("interrupted; nothing was kept", "daypass login");
    }
  }

  private static BrokerUrl named(String url) {
    return BrokerUrl.parse(url)
        .orElseThrow(() ->
            Failure.usage(
                "that is no broker's url: https://host, or http on this machine",
                "daypass login " + completed(url)));
  }

  /** What was probably meant by a host without a scheme. */
  private static String completed(String url) {
    return Stream.of("https://", "http://")
        .flatMap(scheme -> BrokerUrl.parse(scheme + url).stream())
        .reduce((_, here) -> here)
        .map(BrokerUrl::text)
        .orElse("https://daypass.example.com");
  }

  private Wire.SignIn offered(BrokerUrl broker) {
    var issuers = welcome(broker).issuers();
    if (issuers.isEmpty()) {
      throw Failure.of(
          "nobody can sign in to " + broker + " from a command line",
          "ask whoever runs it to set issuers[].cli.client-id");
    }
    var names = issuers.stream().map(Wire.SignIn::name).collect(Collectors.joining(", "));
    return issuers.stream()
        .filter(one -> issuerName == null ? issuers.size() == 1 : one.name().equals(issuerName))
        .findFirst()
        .orElseThrow(() ->
            Failure.usage(
                "say at which issuer to sign in: " + Texts.plain(names),
                "daypass login --issuer " + Texts.plain(issuers.getFirst().name())));
  }

  private Wire.Welcome welcome(BrokerUrl broker) {
    try {
      var reply =
          Http.send(
              "GET", broker.at("/.well-known/daypass"), Map.of("Accept", "application/json"), null);
      Broker.endAtProxy(broker, reply);
      return Optional.of(reply)
          .filter(r -> r.status() == 200)
          .flatMap(r -> Json.read(r.body(), Wire.Welcome.class))
          .filter(w -> Objects.nonNull(w.issuers()))
          .orElseThrow(
              () -> Failure.of("what answers at " + broker + " is no daypass broker", remedy()));
    } catch (UnreachableException e) {
      throw Broker.unreachable(broker, e);
    }
  }

  /** What to do where the address is wrong: one that was typed is typed anew. */
  private String remedy() {
    return url == null ? new Config(local()).remedy() : "check the address";
  }

  private Wire.Me withBrowser(BrokerUrl broker, Issuer issuer) throws InterruptedException {
    try (var signIn = new CodeSignIn(issuer, local().clock(), unguessable)) {
      open(signIn.address(fresh));
      try {
        var me = kept(broker, issuer, signIn.granted());
        signIn.done(
            "You are signed in to "
                + broker
                + " as "
                + shown(me)
                + ".\nYou can close this page and go back to the terminal.");
        return me;
      } catch (Failure failure) {
        signIn.failed(failure);
        throw failure;
      }
    }
  }

  /** The address also for people whose browser is somewhere else; it is no secret of theirs. */
  private void open(String address) throws InterruptedException {
    note("sign in with your browser, at " + address);
    // Others on this machine can read what a program is started with, and could answer in our
    // place: the browser is started with a link that leads there once.
    try (var link = OneTimeLink.of(new Secret(address), unguessable.get())) {
      if (!new Browser(local().environment()).open(link.url())) {
        note("no browser was found here; without one: daypass login --device");
        return;
      }
      var _ = link.awaitTaken(Duration.ofSeconds(20));
    } catch (IOException _) {
      note("no browser could be opened; open that address yourself");
    }
  }

  private Wire.Me withDevice(BrokerUrl broker, Issuer issuer) throws InterruptedException {
    var signIn = DeviceSignIn.begin(issuer, local().clock(), Thread::sleep, unguessable);
    note("on any device, open " + signIn.page() + " and enter " + signIn.userCode());
    signIn
        .pageWithCode()
        .ifPresent(page -> note("or open " + page + " and see that it shows that code"));
    return kept(broker, issuer, signIn.granted());
  }

  /** Keeps a sign-in whose token the broker has verified and taken. */
  private Wire.Me kept(BrokerUrl url, Issuer issuer, Granted granted) {
    var broker = new Broker(url, new Tokens(local(), url), remedy());
    var bearer = new Bearer(granted.idToken(), "new", Origin.NEW);
    var me =
        switch (broker.send(bearer, "GET", "/v1/me", null, Map.of())) {
          case Broker.Answer.Given(var reply) ->
              Json.read(reply.body(), Wire.Me.class)
                  .orElseThrow(() ->
                      Failure.of("what " + url + " answers is no daypass broker's", "check it"));
          case Broker.Answer.Refused(var refusal, var shown) ->
              throw Hints.failure(refusal, shown, Optional.empty());
        };
    var revocation = issuer.revocation();
    var signIn =
        new SignIn(
            url,
            unguessable.get(),
            issuer.url(),
            issuer.clientId(),
            issuer.token().toString(),
            revocation == null ? null : revocation.toString(),
            granted.idToken(),
            granted.expires(),
            granted.refreshToken());
    new SignIns(local())
        .keep(signIn)
        .ifPresent(old -> {
          Cache.forget(local(), old.id());
          // An issuer that is told to forget one sign-in of a browser may forget all of it, also
          // the one that was just made there.
          if (!old.isOfSamePerson(signIn)) {
            var _ = Revocation.of(old);
          }
        });
    return me;
  }

  private void said(BrokerUrl broker, Wire.Me me) {
    if (wantsJson()) {
      json((Object) me);
    } else {
      print("signed in to " + broker + " as " + shown(me));
    }
    if (local()
        .variable("DAYPASS_TOKEN")
        .or(() -> local().variable("DAYPASS_TOKEN_FILE"))
        .isPresent()) {
      note("DAYPASS_TOKEN or DAYPASS_TOKEN_FILE is set and goes before this sign-in");
    }
  }

  private static String shown(Wire.Me me) {
    var email = me.email();
    return Texts.plain(email == null ? me.subject() : email);
  }
}

package io.daypass.cli.signin;

import io.daypass.cli.client.Failure;
import io.daypass.cli.client.Form;
import io.daypass.cli.client.Http.UnreachableException;
import io.daypass.cli.client.Members;
import io.daypass.cli.client.Texts;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Signing in with a browser on another machine (RFC 8628). */
public final class DeviceSignIn {

  private static final String GRANT = "urn:ietf:params:oauth:grant-type:device_code";
  private static final long USUAL_INTERVAL = 5;
  private static final int PATIENCE = 3;
  private static final Duration SLOWER = Duration.ofSeconds(5);

  private final Issuer issuer;
  private final Pkce pkce;
  private final InstantSource clock;
  private final Pause pause;
  private final String deviceCode;
  private final String userCode;
  private final String page;
  private final @Nullable String pageWithCode;
  private final Instant until;
  private Duration interval;

  /** How time passes between two questions. */
  @FunctionalInterface
  public interface Pause {
    void of(Duration time) throws InterruptedException;
  }

  private DeviceSignIn(Issuer issuer, Pkce pkce, InstantSource clock, Pause pause, Members begun) {
    this.issuer = issuer;
    this.pkce = pkce;
    this.clock = clock;
    this.pause = pause;
    this.deviceCode = needed(begun, "device_code");
    this.userCode = Texts.plain(needed(begun, "user_code"));
    this.page = Texts.plain(needed(begun, "verification_uri"));
    this.pageWithCode = begun.text("verification_uri_complete").map(Texts::plain).orElse(null);
    this.until = clock.instant().plusSeconds(begun.number("expires_in").orElse(600L));
    this.interval =
        Duration.ofSeconds(Math.clamp(begun.number("interval").orElse(USUAL_INTERVAL), 1, 3600));
  }

  /**
   * Begins one.
   *
   * @param unguessable new random text each time, at least 128 bits
   */
  public static DeviceSignIn begin(
      Issuer issuer, InstantSource clock, Pause pause, Supplier<String> unguessable) {
    var device = issuer.device();
    if (device == null) {
      throw Failure.of(
          "the issuer knows no sign-in on another device",
          "daypass login, on a machine with a browser");
    }
    var pkce = Pkce.of(unguessable);
    var fields = new LinkedHashMap<String, String>();
    fields.put("client_id", issuer.clientId());
    fields.put("scope", issuer.scope());
    fields.putAll(pkce.challenge());
    try {
      var reply = Form.post(device, fields);
      var answer = Members.read(reply.body());
      if (reply.status() != 200 || answer.isEmpty()) {
        throw Failure.of(
            "the issuer does not begin a sign-in on another device (" + Form.words(reply) + ")",
            "ask whoever runs the issuer whether the client " + issuer.clientId() + " may");
      }
      return new DeviceSignIn(issuer, pkce, clock, pause, answer.get());
    } catch (UnreachableException e) {
      throw Failure.of(
          "the issuer " + issuer.url() + " cannot be reached: " + e.why(),
          "look at the network, then try again");
    }
  }

  /** What the person types there. */
  public String userCode() {
    return userCode;
  }

  /** Where they type it. */
  public String page() {
    return page;
  }

  /** The same with the code in it, to be compared only. */
  public Optional<String> pageWithCode() {
    return Optional.ofNullable(pageWithCode);
  }

  /** Asks until the person has signed in there. */
  public Granted granted() throws InterruptedException {
    var silences = 0;
    while (true) {
      pause.of(interval);
      if (!clock.instant().isBefore(until)) {
        throw tooLate();
      }
      try {
        var granted = asked();
        if (granted.isPresent()) {
          return granted.get();
        }
        silences = 0;
      } catch (Failure failure) {
        silences++;
        if (!failure.mayPass() || silences > PATIENCE) {
          throw failure;
        }
        // RFC 8628, 3.5: an issuer that does not answer is asked less often.
        interval = interval.multipliedBy(2);
      }
    }
  }

  /** Empty while the person has not decided. */
  private Optional<Granted> asked() {
    var reply =
        Granted.ask(
            issuer,
            Map.of(
                "grant_type",
                GRANT,
                "device_code",
                deviceCode,
                "client_id",
                issuer.clientId(),
                "code_verifier",
                pkce.verifier()));
    if (reply.status() >= 500) {
      throw Failure.passing(
          "the issuer " + issuer.url() + " cannot answer now (" + reply.status() + ")",
          "try again later: daypass login --device");
    }
    var answer = Members.read(reply.body()).orElseThrow(() -> Granted.wrong("it is unreadable"));
    if (reply.status() == 200) {
      return Optional.of(Granted.read(issuer, answer, null, clock.instant()));
    }
    return switch (answer.text("error").orElse("")) {
      // They are at it.
      case "authorization_pending" -> Optional.empty();
      // RFC 8628, 3.5: from now on, five seconds more each time.
      case "slow_down" -> {
        interval = interval.plus(SLOWER);
        yield Optional.empty();
      }
      case "access_denied" -> throw Failure.of("the sign-in was refused", "daypass login --device");
      case "expired_token" -> throw tooLate();
      default ->
          throw Granted.wrong(
              "it refuses the sign-in (" + Form.words(reply, deviceCode, pkce.verifier()) + ")");
    };
  }

  private static Failure tooLate() {
    return Failure.of("nobody entered the code in time", "daypass login --device");
  }

  private static String needed(Members begun, String name) {
    return begun
        .text(name)
        .filter(text -> !text.isBlank())
        .orElseThrow(() -> Granted.wrong("it has no " + name));
  }
}

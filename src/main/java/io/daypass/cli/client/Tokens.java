package io.daypass.cli.client;

import io.daypass.cli.client.Bearer.Origin;
import io.daypass.cli.client.Http.UnreachableException;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;

/**
 * The caller's token: {@code DAYPASS_TOKEN}, the text of the file {@code DAYPASS_TOKEN_FILE}, or
 * the sign-in that is kept for the broker, renewed without a word when it is about to end.
 */
public final class Tokens {

  /** A token with less than this left is renewed: it must still hold when it arrives. */
  private static final Duration SOON = Duration.ofSeconds(60);

  private final Local local;
  private final BrokerUrl broker;
  private final SignIns signIns;

  public Tokens(Local local, BrokerUrl broker) {
    this.local = local;
    this.broker = broker;
    this.signIns = new SignIns(local);
  }

  /** The token to come with; signed out is the end of the command. */
  public Bearer bearer() {
    var variable = local.variable("DAYPASS_TOKEN");
    if (variable.isPresent()) {
      return given(variable.get(), Origin.VARIABLE);
    }
    var file = local.variable("DAYPASS_TOKEN_FILE");
    if (file.isPresent()) {
      return given(text(file.get()), Origin.FILE);
    }
    var signIn = signIns.find(broker).orElseThrow(Tokens::signedOut);
    return bearer(isFresh(signIn) ? signIn : renewedOrOld(signIn));
  }

  /** A newer token in place of one the broker took for expired; the same if there is none. */
  public Bearer renewed(Bearer refused) {
    if (refused.origin() != Origin.SIGN_IN) {
      return refused;
    }
    var signIn = signIns.find(broker).orElseThrow(Tokens::signedOut);
    return bearer(signIn.idToken().equals(refused.token()) ? renew(signIn) : signIn);
  }

  private static Bearer bearer(SignIn signIn) {
    return new Bearer(signIn.idToken(), signIn.id(), Origin.SIGN_IN);
  }

  private Bearer given(String text, Origin origin) {
    var token = text.strip();
    if (!Texts.isVisibleAscii(token)) {
      throw Failure.of("what is given as the token is none", origin.remedy());
    }
    return new Bearer(token, "token-" + digest(broker.text() + "\n" + token), origin);
  }

  private static String text(String file) {
    try {
      return Files.readString(Path.of(file));
    } catch (IOException | InvalidPathException _) {
      throw Failure.of(
          "the file that DAYPASS_TOKEN_FILE names cannot be read", Origin.FILE.remedy());
    }
  }

  private boolean isFresh(SignIn signIn) {
    return signIn.expires().isAfter(local.clock().instant().plus(SOON));
  }

  private SignIn renewedOrOld(SignIn old) {
    try {
      return renew(old);
    } catch (Failure e) {
      if (old.expires().isAfter(local.clock().instant())) {
        return old;
      }
      throw e;
    }
  }

  private SignIn renew(SignIn old) {
    try (var _ = signIns.lock(broker)) {
      // Whoever held the lock before may have done it already.
      var kept = signIns.find(broker).orElseThrow(Tokens::signedOut);
      if (!kept.idToken().equals(old.idToken())) {
        return kept;
      }
      var refresh = kept.refreshToken();
      if (refresh == null) {
        throw ended();
      }
      try (var draft = signIns.draft(broker)) {
        var renewed = ask(kept, refresh);
        signIns.keep(draft, renewed);
        return renewed;
      }
    } catch (IOException _) {
      throw Failure.of("the sign-in cannot be renewed", "daypass login");
    }
  }

  private SignIn ask(SignIn kept, String refresh) {
    try {
      var reply =
          Form.post(
              URI.create(kept.tokenEndpoint()),
              Map.of(
                  "grant_type",
                  "refresh_token",
                  "refresh_token",
                  refresh,
                  "client_id",
                  kept.clientId()));
      var members = Members.read(reply.body());
      if (reply.status() == 200) {
        return members.flatMap(answer -> renewed(kept, answer)).orElseThrow(Tokens::ended);
      }
      if (members.flatMap(m -> m.text("error")).filter("invalid_grant"::equals).isPresent()) {
        throw ended();
      }
      throw Failure.of(
          "the sign-in cannot be renewed: the issuer answered " + Form.words(reply, refresh),
          "try again, or: daypass login");
    } catch (UnreachableException e) {
      throw Failure.of(
          "the sign-in cannot be renewed: the issuer cannot be reached, " + e.why(),
          "look at the network, then try again");
    }
  }

  /** The new token, if it is the same person's (OpenID Connect Core, 12.2). */
  private static Optional<SignIn> renewed(SignIn kept, Members answer) {
    var before = IdToken.read(kept.idToken()).map(IdToken::claims);
    return answer
        .text("id_token")
        .flatMap(token ->
            IdToken.read(token)
                .filter(now -> before.isPresent() && isSamePerson(before.get(), now.claims()))
                .flatMap(IdToken::expires)
                .map(until -> kept.renewed(token, until, answer.text("refresh_token"))));
  }

  private static boolean isSamePerson(Members before, Members now) {
    return before.text("iss").isPresent()
        && before.text("iss").equals(now.text("iss"))
        && before.text("sub").isPresent()
        && before.text("sub").equals(now.text("sub"))
        && before.texts("aud").equals(now.texts("aud"));
  }

  private static Failure signedOut() {
    return Failure.of("you are signed out", "daypass login");
  }

  private static Failure ended() {
    return Failure.of("your sign-in has ended", "daypass login");
  }

  private static String digest(String text) {
    try {
      var sha = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(sha, 0, 16);
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every JDK has SHA-256", e);
    }
  }
}

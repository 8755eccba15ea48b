package io.daypass.identity;

import static org.assertj.core.api.Assertions.assertThat;

import io.daypass.identity.BrowserSignIn.Begun;
import io.daypass.identity.BrowserSignIn.Finished;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.NullUnmarked;

/** Sign-ins at two issuers that answer what they are told to; every port is a fake. */
@NullUnmarked // hands in nulls on purpose
abstract class SignInFixture {

  static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");
  static final String CLIENT = "daypass-web";
  static final String API = "daypass";

  final AnsweringIssuer staff = new AnsweringIssuer("staff", this::proved);
  final AnsweringIssuer guests = new AnsweringIssuer("guests", this::proved);
  final MemorySignIns memory = new MemorySignIns();
  final AtomicInteger drawn = new AtomicInteger();
  final List<Caller> seen = new ArrayList<>();
  TokenProof.Proof proof = new TokenProof.Proof.KeysUnavailable("staff");
  BrowserSignIn signIn = signIns();

  final SessionVerifier verifier =
      new SessionVerifier(memory, Map.of("staff", "https://staff.example.com"));

  BrowserSignIn signIns() {
    return new BrowserSignIn(
        List.of(staff.party(), guests.party()),
        new BrowserSignIn.Kept(memory, memory, seen::add),
        _ -> proof,
        () -> NOW,
        () -> ByteBuffer.allocate(32).putInt(28, drawn.incrementAndGet()).array());
  }

  Finished notBelieved(String why) {
    return new Finished.NotBelieved(why, "", "/to");
  }

  Map<String, Object> claims() {
    return staff.claims();
  }

  SessionToken signedIn() {
    return ((Finished.SignedIn) finished()).session();
  }

  Finished finished() {
    return finished(false);
  }

  Finished finished(boolean fresh) {
    var state = begin("staff", fresh);
    return signIn.finish("staff", "browser", Map.of("state", state));
  }

  String begin(String issuer, boolean fresh) {
    assertThat(signIn.begin(wish(issuer, fresh), Optional.empty())).isInstanceOf(Begun.GoTo.class);
    return staff.state();
  }

  static BrowserSignIn.Wish wish(String issuer, boolean fresh) {
    return new BrowserSignIn.Wish(issuer, "browser", "/to", fresh);
  }

  private void proved(TokenProof.Proof said) {
    proof = said;
  }
}

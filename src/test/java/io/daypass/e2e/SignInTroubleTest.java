package io.daypass.e2e;

import static io.daypass.e2e.Browser.SESSION;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Signing in while the issuer is away, and where somebody guesses. */
class SignInTroubleTest {

  @Test
  void while_the_issuer_is_away_nobody_signs_in_and_the_page_says_so() throws Exception {
    try (var own = World.usual()) {
      var replica = own.replica().awaitReady();
      var browser = new Browser(own);
      var address = browser.begin(Map.of("to", "/requests/abc"));
      var callback = browser.callback("alice", address);
      own.sandbox.close();
      var page = browser.arrive(callback).is(503, "issuer_unavailable");
      assertThat(page.header("Retry-After")).isNotEmpty();
      assertThat(page.body()).contains("href=\"/sign-in?to=%2Frequests%2Fabc\"");
      assertThat(browser.isSignedIn()).isFalse();
      assertThat(replica.isAlive()).isTrue();
    }
  }

  @Test
  void who_guesses_too_often_waits_at_every_door() throws Exception {
    try (var own = World.usual()) {
      var api = own.replica().awaitReady().api();
      // At once, or a slow machine would forget as fast as they come.
      var guesses = new ArrayList<CompletableFuture<Integer>>();
      for (int i = 0; i < 60; i++) {
        guesses.add(CompletableFuture.supplyAsync(() -> guess(own), Thread::startVirtualThread));
      }
      assertThat(guesses.stream().map(CompletableFuture::join)).contains(429);
      // The same peer, with a token this time; it may have waited long enough by now.
      assertThat(api.get("/v1/me", "x").status()).isIn(401, 429);
    }
  }

  /** What a made-up session and a made-up sign-in come to. */
  private static int guess(World own) {
    var browser = new Browser(own);
    browser.plant(SESSION, "A".repeat(43));
    browser.isSignedIn();
    return browser.arrive("/sign-in/staff/done?state=" + "A".repeat(43)).status();
  }
}

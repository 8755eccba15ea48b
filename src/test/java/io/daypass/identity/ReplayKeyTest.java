package io.daypass.identity;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;

/** What a token is known by when it comes again. */
@NullUnmarked // hands in nulls on purpose
class ReplayKeyTest extends ClaimsFixture {

  @Test
  void a16_the_replay_key_is_of_the_issuer_and_the_jti_or_of_the_signed_bytes() {
    var byJti = replayKey(with("jti", "1"));
    var byHash = replayKey(good());
    assertThat(byJti).matches("[0-9a-f]{64}").isNotEqualTo(byHash);
    assertThat(replayKey(with("jti", "2"))).isNotEqualTo(byJti);
    bytesHash = "bb";
    assertThat(replayKey(with("jti", "1"))).isEqualTo(byJti);
    assertThat(replayKey(good())).isNotEqualTo(byHash);
    // A jti that is written like a hash is still a jti.
    assertThat(replayKey(with("jti", "bb"))).isNotEqualTo(replayKey(good()));
    issuerUrl = "https://ci.example.org";
    assertThat(replayKey(with("jti", "1"))).isNotEqualTo(byJti);
  }

  @Test
  void a16_parts_of_a_replay_key_do_not_run_into_one_another() {
    assertThat(ReplayKey.of("https://a", "jti", "x"))
        .isNotEqualTo(ReplayKey.of("https://aj", "ti", "x"));
    assertThat(ReplayKey.of("a", "jti", "x")).isEqualTo(ReplayKey.of("a", "jti", "x"));
  }

  private String replayKey(Map<String, Object> claims) {
    return caller(claims).token().replayKey();
  }
}

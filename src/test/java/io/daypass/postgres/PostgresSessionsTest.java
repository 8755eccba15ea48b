package io.daypass.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import io.daypass.identity.Sessions;
import io.daypass.identity.TestCallers;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Who the holder of a browser's session is. */
class PostgresSessionsTest {

  private static final String SESSION = "5e55".repeat(16);
  private static final Instant SIGNED_IN = TestCallers.SIGNED_IN;

  private final PostgresStores stores = PostgresStores.empty();
  private final Database service = stores.database().open(1);
  private final PostgresSessions sessions = new PostgresSessions(service);

  @AfterEach
  void close() {
    service.close();
  }

  private static TestCallers alice(String factor, String... groups) {
    return TestCallers.person("alice").groups(groups).claims(Map.of("amr", List.of(factor)));
  }

  private void seen(TestCallers token, Instant issuedAt) {
    stores.requests().remember(token.make().identity(), issuedAt);
  }

  private void signIn(TestCallers token) {
    seen(token, SIGNED_IN);
    var opening =
        new Sessions.Opening(
            SESSION,
            token.make().identity(),
            SIGNED_IN,
            "https://staff.example.com",
            Instant.now().plus(Duration.ofHours(1)),
            SIGNED_IN,
            List.of(),
            null);
    assertThat(sessions.open(opening)).isTrue();
  }

  private Sessions.Held held() {
    return sessions.use(SESSION).orElseThrow();
  }

  @Test
  void c9_a_session_is_as_strong_as_its_own_sign_in_whatever_is_seen_of_the_person_since() {
    signIn(alice("pwd", "leads"));
    seen(alice("mfa", "leads"), SIGNED_IN.plusSeconds(60));
    assertThat(held().identity().claims()).isEqualTo(Map.of("amr", List.of("pwd")));
    assertThat(held().saidAt()).isEqualTo(SIGNED_IN);
  }

  @Test
  void groups_that_a_newer_token_does_not_name_are_gone_from_the_session() {
    signIn(alice("pwd", "leads", "oncall"));
    seen(alice("pwd", "leads", "admins"), SIGNED_IN.plusSeconds(60));
    assertThat(held().identity().groups()).containsExactly("leads");
    seen(alice("pwd"), SIGNED_IN.plusSeconds(120));
    assertThat(held().identity().groups()).isEmpty();
  }

  @Test
  void an_older_token_changes_nothing_in_a_session() {
    signIn(alice("pwd", "leads"));
    seen(alice("mfa"), SIGNED_IN.minusSeconds(60));
    assertThat(held().identity().groups()).containsExactly("leads");
    assertThat(held().identity().claims()).isEqualTo(Map.of("amr", List.of("pwd")));
  }
}

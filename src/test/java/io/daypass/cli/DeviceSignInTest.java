package io.daypass.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.oauth2.sdk.pkce.CodeChallenge;
import com.nimbusds.oauth2.sdk.pkce.CodeChallengeMethod;
import com.nimbusds.oauth2.sdk.pkce.CodeVerifier;
import io.daypass.cli.client.Failure;
import io.daypass.cli.signin.DeviceSignIn;
import io.daypass.cli.signin.Issuer;
import io.daypass.sandbox.http.Form;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How often the issuer is asked (RFC 8628, 3.5), on a clock that only waiting moves. */
class DeviceSignInTest {

  private static final Instant NOW = Instant.parse("2026-03-02T12:00:00Z");
  private static final String SECRET = "0123456789abcdef0123456789abcdef";
  private static final String PENDING = "{\"error\":\"authorization_pending\"}";
  private static final String SLOW_DOWN = "{\"error\":\"slow_down\"}";

  private final Deque<Answer> answers = new ArrayDeque<>();
  private final List<Long> waited = new ArrayList<>();
  private Instant now = NOW;
  private FakeBroker issuer;

  private record Answer(int status, String body) {}

  @BeforeEach
  void start() {
    issuer = new FakeBroker();
    begins(", \"interval\": 5");
  }

  @AfterEach
  void stop() {
    issuer.close();
  }

  private void begins(String more) {
    issuer.on(
        "POST /device",
        200,
        """
        {"device_code": "d", "user_code": "WDJB-MJHT", "verification_uri": "https://x/device",
         "expires_in": 60%s}
        """
            .formatted(more));
  }

  private void then(int status, String body) {
    answers.add(new Answer(status, body));
  }

  private void yes() {
    var claims =
        "{\"iss\":\"%s\",\"aud\":\"cli\",\"exp\":%d}"
            .formatted(issuer.url(), NOW.plusSeconds(3600).getEpochSecond());
    var payload =
        Base64.getUrlEncoder()
            .withoutPadding()
            .encodeToString(claims.getBytes(StandardCharsets.UTF_8));
    then(200, "{\"id_token\":\"e30.%s.c2ln\"}".formatted(payload));
  }

  private DeviceSignIn begun() {
    var url = issuer.url();
    var described =
        new Issuer(
            url,
            "cli",
            URI.create(url + "/authorize"),
            URI.create(url + "/token"),
            URI.create(url + "/device"),
            null,
            List.of(),
            false);
    return DeviceSignIn.begin(described, () -> now, this::pass, () -> SECRET);
  }

  private void pass(Duration time) {
    waited.add(time.toSeconds());
    now = now.plus(time);
    var answer = answers.isEmpty() ? new Answer(400, PENDING) : answers.remove();
    issuer.on("POST /token", answer.status(), answer.body());
  }

  private long asked() {
    return issuer.asked.stream().filter(asked -> asked.call().equals("POST /token")).count();
  }

  @Test
  void theIssuerIsAskedAsOftenAsItSaysUntilSomebodyHasSignedIn() throws Exception {
    then(400, PENDING);
    then(400, PENDING);
    yes();
    assertThat(begun().granted().expires()).isEqualTo(NOW.plusSeconds(3600));
    assertThat(waited).containsExactly(5L, 5L, 5L);
    assertThat(issuer.asked.getLast().body()).contains("device_code=d", "client_id=cli");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {"''|5", ", \"interval\": 2|2", ", \"interval\": 0|1", ", \"interval\": 25|25"})
  void withoutAWordOfTheIssuersItIsAskedEveryFiveSeconds(String said, long seconds)
      throws Exception {
    begins(said);
    then(400, PENDING);
    yes();
    begun().granted();
    assertThat(waited).containsExactly(seconds, seconds);
  }

  @Test
  void eachSlowDownIsFiveSecondsMoreForGood() throws Exception {
    then(400, SLOW_DOWN);
    then(400, PENDING);
    then(400, SLOW_DOWN);
    yes();
    begun().granted();
    assertThat(waited).containsExactly(5L, 10L, 10L, 15L);
  }

  @Test
  void aCodeThatTheIssuerCallsExpiredIsNotAskedForAgain() {
    then(400, PENDING);
    then(400, "{\"error\":\"expired_token\"}");
    assertThatThrownBy(() -> begun().granted())
        .isInstanceOfSatisfying(
            Failure.class, e -> assertThat(e.hint()).isEqualTo("daypass login --device"))
        .hasMessage("nobody entered the code in time");
    assertThat(waited).hasSize(2);
  }

  @Test
  void afterTheCodesTimeNobodyIsAskedAnyMore() {
    assertThatThrownBy(() -> begun().granted()).hasMessage("nobody entered the code in time");
    // At the sixtieth second it is over.
    assertThat(waited).hasSize(12);
    assertThat(asked()).isEqualTo(11);
  }

  @Test
  void aNoIsTheEndAndSoIsWhatNobodyUnderstands() {
    then(400, "{\"error\":\"access_denied\"}");
    assertThatThrownBy(() -> begun().granted()).hasMessage("the sign-in was refused");
    then(400, "{\"error\":\"invalid_client\"}");
    assertThatThrownBy(() -> begun().granted())
        .hasMessageContaining("refuses the sign-in (400 invalid_client)");
    then(400, "<html>");
    assertThatThrownBy(() -> begun().granted()).hasMessageContaining("it is unreadable");
    assertThat(waited).hasSize(3);
  }

  @Test
  void whoFetchesTheTokenShowsThatTheyBeganTheSignIn() throws Exception {
    yes();
    begun().granted();
    var begun = Form.parse(issuer.asked.getFirst().body());
    var verifier = Form.parse(issuer.asked.getLast().body()).get("code_verifier", "");
    assertThat(begun.get("code_challenge_method")).contains("S256");
    assertThat(begun.get("code_challenge"))
        .contains(
            CodeChallenge.compute(CodeChallengeMethod.S256, new CodeVerifier(verifier)).getValue());
  }

  @Test
  void anIssuersReasonsAreShownInItsOwnWordsAndObeyedByNoTerminal() {
    issuer.on(
        "POST /device",
        400,
        """
        {"error": "invalid_request",
         "error_description": "Missing parameter:\\u001b[2J code_challenge_method%s"}
        """
            .formatted("!".repeat(1000)));
    assertThatThrownBy(this::begun)
        .isInstanceOfSatisfying(Failure.class, e -> assertThat(e.hint()).contains("client cli may"))
        .message()
        .contains("(400 invalid_request: Missing parameter: [2J code_challenge_method!!!")
        .hasSizeLessThan(400);
    issuer.on("POST /device", 502, "<html>");
    assertThatThrownBy(this::begun).hasMessageEndingWith("on another device (502)");
  }

  @Test
  void p7_whatAnIssuerRepeatsOfASecretIsNotShown() {
    then(
        400,
        "{\"error\":\"invalid_grant\",\"error_description\":\"%s is %s\"}"
            .formatted("device-code-7", SECRET + SECRET));
    issuer.on(
        "POST /device",
        200,
        """
        {"device_code": "device-code-7", "user_code": "WDJB-MJHT", "verification_uri": "https://x/device"}
        """);
    assertThatThrownBy(() -> begun().granted())
        .hasMessageContaining("(400 invalid_grant: ... is ...)");
  }

  @Test
  void anIssuerThatCannotAnswerIsAskedLessOftenAndNotForEver() throws Exception {
    then(503, "");
    then(400, PENDING);
    then(502, "<html>");
    yes();
    begun().granted();
    assertThat(waited).containsExactly(5L, 10L, 10L, 20L);
    waited.clear();
    now = NOW;
    begins(", \"interval\": 1");
    var down = begun();
    issuer.close();
    assertThatThrownBy(down::granted).hasMessageContaining("cannot be reached");
    assertThat(waited).containsExactly(1L, 2L, 4L, 8L);
  }
}

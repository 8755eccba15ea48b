package io.daypass.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.daypass.e2e.DoorRows.Row;
import io.daypass.e2e.Doorway.Outcome;
import java.net.URI;
import java.net.http.HttpRequest;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Every way to a credential comes to the same decision, each in its own dialect. */
class DoorRowsTest {

  private static final String CI = DoorRows.CI;
  private static final World WORLD = Shared.world();
  private static final Pattern KEY = Pattern.compile("ASIA[A-Z0-9]{16}");
  private static final Pattern INSTANT = Pattern.compile("[0-9-]{10}T[0-9:]{8}Z");

  private final Api api = Shared.api();
  private final Forgeries forged = new Forgeries(WORLD);

  static Stream<Row> rows() {
    return new DoorRows(WORLD, Shared.api()).all();
  }

  @ParameterizedTest
  @MethodSource("rows")
  void a_row_comes_to_the_same_decision_at_every_door(Row row) {
    var outcomes = new LinkedHashMap<Doorway, Outcome>();
    for (var door : Doorway.values()) {
      outcomes.put(door, door.outcome(api, row.role(), row.token().get()));
    }
    assertThat(outcomes.values())
        .as(row + " " + outcomes)
        .containsOnly(new Outcome(row.code().isEmpty(), row.code()));
  }

  @ParameterizedTest
  @EnumSource
  void every_door_gives_what_the_rule_gives(Doorway door) {
    var answer = door.ask(api, CI, WORLD.run());
    assertThat(door.outcome(answer)).isEqualTo(new Outcome(true, ""));
    assertThat(answer.header("Cache-Control")).isEqualTo("no-store");
    assertThat(answer.header("Daypass-Issuance")).isNotEmpty();
    assertThat(answer.header("Daypass-Request")).isNotEmpty();
  }

  @ParameterizedTest
  @EnumSource
  void b7_the_arn_of_another_account_and_a_role_that_is_not_there_are_refused_alike(Doorway door) {
    var unknown = door.ask(api, "no-such-role", WORLD.run());
    var forbidden = door.ask(api, "prod-admin", WORLD.run());
    assertThat(door.outcome(unknown)).isEqualTo(new Outcome(false, "denied_by_policy"));
    assertThat(unknown.body().replace("no-such-role", "prod-admin")).isEqualTo(forbidden.body());
    assertThat(unknown.status()).isEqualTo(forbidden.status());
    for (var arn :
        List.of(
            "arn:aws:iam::999999999999:role/daypass-" + CI,
            "arn:aws-cn:iam::123456789012:role/daypass-" + CI)) {
      var elsewhere = api.any(door.byArn(api, arn, WORLD.run()));
      assertThat(door.outcome(elsewhere)).as(arn).isEqualTo(new Outcome(false, byArn(door)));
    }
    // Whose ARN it is counts at the one door that takes any, and is a name at none of the others.
    var own = api.any(door.byArn(api, "arn:aws:iam::123456789012:role/daypass-" + CI, WORLD.run()));
    assertThat(door.outcome(own).given()).isEqualTo(door == Doorway.STS);
  }

  /** What an ARN that is not ours, or anybody's, comes to. */
  private static String byArn(Doorway door) {
    return switch (door) {
      case STS -> "denied_by_policy";
      case EXCHANGE -> "target_unknown";
      case JSON, CONTAINER -> "path_not_allowed";
    };
  }

  @ParameterizedTest
  @EnumSource
  void a22_two_tokens_are_none(Doorway door) {
    var request = door.request(api, CI, WORLD.run());
    var twice =
        switch (door) {
          case JSON, CONTAINER -> request.header("Authorization", WORLD.run());
          case EXCHANGE, STS ->
              HttpRequest.newBuilder(URI.create(request.build().uri().toString()))
                  .header("Content-Type", "application/x-www-form-urlencoded")
                  .POST(
                      HttpRequest.BodyPublishers.ofString(
                          door == Doorway.STS
                              ? "Action=AssumeRoleWithWebIdentity&WebIdentityToken=a&WebIdentityToken=b"
                              : "subject_token=a&subject_token=b"));
        };
    var answer = api.any(twice);
    assertThat(answer.status()).isIn(400, 401);
    assertThat(door.outcome(answer).code()).isIn("authorization_malformed", "parameter_repeated");
  }

  @ParameterizedTest
  @EnumSource
  void b3_no_separator_of_a_claim_reaches_the_sessions_name(Doorway door) {
    var token = forged.run(java.util.Map.of("sub", "repo:*/../x;ref=,role/admin"));
    var key = KEY.matcher(given(door, CI, token).body());
    assertThat(key.find()).isTrue();
    var sandbox = new Api(WORLD.sandbox.url());
    var session = sandbox.get("/aws/allowed?access_key_id=" + key.group()).is(200);
    assertThat(session.text("session_name")).matches("[A-Za-z0-9=,.@_-]{2,64}");
    assertThat(session.text("session_name") + session.text("source_identity"))
        .doesNotContain("admin", "*", "/", ";");
  }

  @ParameterizedTest
  @EnumSource
  void b9_nothing_is_given_beyond_what_was_agreed(Doorway door) {
    var frugal = forged.engineer("frugal at " + door, "frugal@acme.example");
    api.ask(frugal, "staging-admin", "10m", "a short look");
    // The role would give eight hours, its credentials one.
    var answer = given(door, "staging-admin", frugal);
    var expiry = INSTANT.matcher(answer.body());
    assertThat(expiry.find()).isTrue();
    assertThat(Instant.parse(expiry.group())).isBefore(Instant.now().plusSeconds(601));
  }

  /** An answer with a credential; again, with the same token if it may be, where it was slow. */
  private Api.Answer given(Doorway door, String role, String token) {
    var answer = door.ask(api, role, token);
    for (int i = 0; i < 10 && answer.status() == 503 && !role.equals(CI); i++) {
      answer = door.ask(api, role, token);
    }
    return answer.is(200);
  }
}

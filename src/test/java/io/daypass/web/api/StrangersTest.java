package io.daypass.web.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Anybody has tokens of an issuer that everybody shares: what its strangers are refused fills no
 * ledger. Here ten refusals are written down at once.
 */
class StrangersTest extends ApiCalls {

  private static final String WISH = "{\"role\":\"staging-admin\",\"duration\":\"1h\"}";
  private static final int WRITTEN = 10;

  @BeforeEach
  void as_many_as_are_written_down() {
    for (var i = 0; i < WRITTEN / 2; i++) {
      assertThat(code(world.post("run", "/v1/roles/staging-admin/credentials", "{}")))
          .isEqualTo("denied_by_policy");
      assertThat(code(world.post("run", "/v1/requests", WISH))).isEqualTo("denied_by_policy");
    }
    assertThat(world.entries()).hasSize(WRITTEN);
  }

  private void oneTooMany(HttpResponse<String> answer) {
    assertThat(answer.statusCode()).isEqualTo(429);
    assertThat(code(answer)).isEqualTo("too_many_requests");
    assertThat(json(answer).getString("detail")).contains("your issuer");
    assertThat(answer.headers().firstValue("Retry-After")).hasValue("60");
    assertThat(world.entries()).hasSize(WRITTEN);
  }

  @Test
  void one_too_many_is_not_written_down_whatever_it_asks_and_by_whatever_name() {
    oneTooMany(world.post("run", "/v1/requests", WISH));
    oneTooMany(world.post("release", "/v1/roles/staging-admin/credentials", "{}"));
    oneTooMany(world.post("release", "/v1/requests", WISH));
    oneTooMany(world.post("release", "/v1/stop", "{}"));
    oneTooMany(world.post("release", "/v1/people/suspend", SOMEBODY));
    oneTooMany(world.get("release", "/v1/ledger"));
    oneTooMany(world.get("release", "/v1/roles/staging-admin/explain?as=alice"));
  }

  private static final String SOMEBODY =
      "{\"issuer\":\"staff\",\"subject\":\"alice\",\"reason\":\"x\"}";

  @Test
  void whom_a_rule_knows_is_served_and_refused_as_ever() {
    var asked = world.post("release", "/v1/roles/mischief/credentials", "{\"reason\":\"x\"}");
    assertThat(asked.statusCode()).isEqualTo(202);
    assertThat(code(world.post("release", "/v1/roles/mischief/credentials", "{}")))
        .isEqualTo("reason_required");
    assertThat(world.entries()).hasSize(WRITTEN + 1);
  }

  @Test
  void what_people_are_refused_is_written_down_as_ever() {
    assertThat(code(world.post("erin", "/v1/requests", WISH))).isEqualTo("denied_by_policy");
    assertThat(code(world.post("alice", "/v1/stop", "{}"))).isEqualTo("not_allowed");
    assertThat(world.entries()).hasSize(WRITTEN + 2);
  }

  @Test
  void after_a_while_some_are_written_down_again() {
    world.nextMinute();
    assertThat(code(world.post("release", "/v1/requests", WISH))).isEqualTo("denied_by_policy");
    assertThat(world.entries()).hasSize(WRITTEN + 1);
  }
}

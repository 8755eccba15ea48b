package io.daypass.web.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URLEncoder;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** A Google provider as the audience of a token exchange, where several roles use it. */
class ProviderAudienceTest extends ApiCalls {

  private HttpResponse<String> exchange(String token, String audience) {
    var form =
        "grant_type=urn:ietf:params:oauth:grant-type:token-exchange"
            + "&subject_token_type=urn:ietf:params:oauth:token-type:jwt&subject_token="
            + token
            + "&audience="
            + URLEncoder.encode(audience, StandardCharsets.UTF_8);
    return world.running.send(
        world
            .running
            .to("/oauth2/token")
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(BodyPublishers.ofString(form)));
  }

  @Test
  void it_names_no_role_and_the_answer_says_what_does() {
    var answer = exchange("run", ApiRoles.PROVIDER);
    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(json(answer).getString("error")).isEqualTo("invalid_target");
    assertThat(code(answer)).isEqualTo("target_unknown");
    assertThat(json(answer).getString("error_description"))
        .isEqualTo("several roles use this provider: send the role's name as audience");
    assertThat(answer.body()).doesNotContain("gcp-logs", "gcp-reports");
    assertThat(world.entries()).isEmpty();
    // Nothing was spent on it.
    assertThat(exchange("run", "ci-deploy").statusCode()).isEqualTo(200);
  }

  @Test
  void who_proves_nothing_is_not_told_that_it_is_known() {
    var known = exchange("forged", ApiRoles.PROVIDER);
    assertThat(code(known)).isEqualTo("signature_invalid");
    var unknown = exchange("forged", ApiRoles.PROVIDER + "-2");
    assertThat(unknown.body()).isEqualTo(known.body());
  }

  @Test
  void a_provider_of_no_role_is_answered_as_a_forbidden_role_is() {
    assertThat(code(exchange("run", ApiRoles.PROVIDER + "-2"))).isEqualTo("denied_by_policy");
    assertThat(code(exchange("run", "gcp-logs"))).isEqualTo("denied_by_policy");
  }
}

package io.daypass.sandbox;

import static io.daypass.sandbox.Tokens.claims;
import static org.assertj.core.api.Assertions.assertThat;

import io.daypass.sandbox.oidc.Provider;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class WorkloadIssuersTest {

  private static Sandbox sandbox;

  @BeforeAll
  static void start() throws IOException {
    sandbox = Sandbox.start();
  }

  @AfterAll
  static void stop() {
    sandbox.close();
  }

  @Test
  void a_push_to_main_looks_as_it_does_at_github() {
    var claims = github("?audience=http://localhost:8080");
    assertThat(claims.getString("aud")).isEqualTo("http://localhost:8080");
    assertThat(claims.getString("sub")).isEqualTo("repo:acme/shop:ref:refs/heads/main");
    assertThat(claims.getString("repository_id")).isEqualTo("7351");
    assertThat(claims.getString("repository_owner_id")).isEqualTo("42");
    assertThat(claims.getString("ref_type")).isEqualTo("branch");
    assertThat(claims.getString("run_id")).isEqualTo("1");
    assertThat(claims.getLong("exp") - claims.getLong("iat")).isEqualTo(300);
  }

  @Test
  void the_subject_follows_environment_and_event() {
    assertThat(github("?environment=release:eu").getString("sub"))
        .isEqualTo("repo:acme/shop:environment:release%3Aeu");
    assertThat(github("?event_name=pull_request&ref=refs/pull/7/merge").getString("sub"))
        .isEqualTo("repo:acme/shop:pull_request");
    assertThat(github("?ref=refs/tags/v1").getString("ref_type")).isEqualTo("tag");
  }

  @Test
  void another_repository_has_another_id_which_stays_the_same() {
    var id = github("?repository=evil/shop").getString("repository_id");
    assertThat(id).isNotEqualTo("7351").matches("[0-9]+");
    assertThat(github("?repository=evil/shop").getString("repository_id")).isEqualTo(id);
  }

  @Test
  void any_parameter_sets_the_claim_of_that_name() {
    var claims = github("?run_attempt=3&sub=mine&exp=4102444800&colour=green");
    assertThat(claims.getString("run_attempt")).isEqualTo("3");
    assertThat(claims.getString("sub")).isEqualTo("mine");
    assertThat(claims.getLong("exp")).isEqualTo(4102444800L);
    assertThat(claims.getString("colour")).isEqualTo("green");
  }

  @Test
  void each_token_has_its_own_id() {
    assertThat(github("").getString("jti")).isNotEqualTo(github("").getString("jti"));
  }

  @Test
  void a_test_may_ask_for_any_token() {
    var token =
        sandbox.github().token(Duration.ofSeconds(-10), Map.of("aud", "x", "jti", Provider.ABSENT));
    var claims = claims(token, Http.get(sandbox.url() + "/github/jwks").body());
    assertThat(claims.containsKey("jti")).isFalse();
    assertThat(claims.getLong("exp")).isLessThan(claims.getLong("iat"));
  }

  @Test
  void a_service_account_looks_as_it_does_in_a_cluster() {
    var token =
        Http.get(sandbox.url() + "/kubernetes/token?audience=a&namespace=shop&serviceaccount=web")
            .body();
    var claims = claims(token, Http.get(sandbox.url() + "/kubernetes/jwks").body());
    assertThat(claims.getString("sub")).isEqualTo("system:serviceaccount:shop:web");
    assertThat(claims.getJsonArray("aud")).containsExactly("a");
    assertThat(claims.getJsonObject("kubernetes.io").getString("namespace")).isEqualTo("shop");
    assertThat(claims.getString("jti")).isNotBlank();
    assertThat(Http.get(sandbox.url() + "/kubernetes/token").statusCode()).isEqualTo(400);
  }

  @Test
  void both_names_of_loopback_lead_there() {
    assertThat(Http.get("http://127.0.0.1:" + sandbox.port() + "/").statusCode()).isEqualTo(200);
    assertThat(Http.get("http://localhost:" + sandbox.port() + "/").body())
        .contains("/aws/allowed");
  }

  private static JsonObject github(String query) {
    var answer = Http.get(sandbox.url() + "/github/token" + query).body();
    return claims(
        new JsonObject(answer).getString("value"), Http.get(sandbox.url() + "/github/jwks").body());
  }
}

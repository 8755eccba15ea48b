package io.daypass.settings;

import static org.assertj.core.api.Assertions.assertThat;

import io.daypass.document.Problem;
import io.daypass.identity.TokenUse;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whose tokens are believed, and of whom. */
class IssuersReaderTest extends SettingsFiles {

  @ParameterizedTest
  @CsvSource({
    "github,SINGLE_USE",
    "gitlab,SINGLE_USE",
    "buildkite,SINGLE_USE",
    "kubernetes,REUSABLE",
    "generic,REUSABLE"
  })
  void tokens_are_single_use_where_the_preset_says_so(String preset, TokenUse use)
      throws IOException {
    var settings = good(GOOD.replace("preset: github", "preset: " + preset), Map.of());
    assertThat(settings.issuers().getLast().trusted().use()).isEqualTo(use);
    var told =
        good(GOOD.replace("preset: github", "preset: generic\n    tokens: single-use"), Map.of());
    assertThat(told.issuers().getLast().trusted().use()).isEqualTo(TokenUse.SINGLE_USE);
  }

  @Test
  void a_client_of_the_pages_has_an_id_and_a_secret_of_its_own() throws IOException {
    var web = "web: { client-id: daypass-web, client-secret-file: oidc }";
    for (var wrong :
        List.of(
            "web: {}",
            "web: { client-id: daypass-web }",
            "web: { client-secret-file: oidc }",
            "web: { client-id: daypass-web, client-secret-file: nowhere }",
            "web: { client-id: daypass-cli, client-secret-file: oidc }")) {
      assertThat(bad(GOOD.replace(web, wrong), Map.of())).as(wrong).isNotEmpty();
    }
    assertThat(good(GOOD.replace(web, "tokens: reusable"), Map.of()).issuers().getFirst().web())
        .isNull();
  }

  @Test
  void nobody_is_who_a_claim_says_that_is_passed_on_shared_or_new_each_time() throws IOException {
    for (var claim : List.of("email", "Email", "UPN", "preferred_username", "tid", "jti", "iss")) {
      var problems = bad(GOOD, Map.of("DAYPASS_ISSUERS_0_CLAIMS_SUBJECT", claim));
      assertThat(problems.toString()).as(claim).contains("bad_value", "one person for good");
    }
    var shared =
        Map.of("DAYPASS_ISSUERS_0_CLAIMS_SUBJECT", "x", "DAYPASS_ISSUERS_0_CLAIMS_EMAIL", "x");
    assertThat(bad(GOOD, shared).toString()).contains("bad_value", "a claim of its own");
    var machines = bad(GOOD, Map.of("DAYPASS_ISSUERS_1_CLAIMS_SUBJECT", "oid"));
    assertThat(machines.toString()).contains("bad_value", "only people may be");
  }

  @Test
  void a21_with_several_issuers_of_people_an_office_says_whose() throws IOException {
    var partners =
        """
        issuers:
          - name: partners
            issuer: https://login.partner.example
            audience: daypass
            kind: human
        """;
    // A group of the partners may be called as one of the staff is.
    var unsaid = bad(GOOD.replace("issuers:\n", partners), Map.of());
    assertThat(unsaid).extracting(Problem::code).containsOnly("issuer_not_named").hasSize(2);
    assertThat(unsaid.toString()).contains("\"auditors\": ", "\"administrators\": ");
    good(
        GOOD.replace("issuers:\n", partners).replace("'\"", "'issuer == \"staff\" && \""),
        Map.of());
  }

  @Test
  void a17_an_issuer_that_differs_in_writing_only_is_the_same() throws IOException {
    var github = "issuer: https://token.actions.githubusercontent.com";
    for (var alike :
        List.of(
            "issuer: https://login.example.com/realms/acme/",
            "issuer: https://LOGIN.example.com:443/realms/acme",
            "issuer: https://DAYPASS.example.com:443")) {
      var yaml = GOOD.replace(github, alike).replace("audience: https://daypass", "audience: x");
      assertThat(codes(yaml)).as(alike).containsExactly("duplicate_issuer");
    }
  }

  @Test
  void a_token_of_a_person_is_not_said_to_be_single_use() throws IOException {
    good(GOOD.replace("kind: human", "kind: human\n    tokens: reusable"), Map.of());
    assertThat(codes(GOOD.replace("kind: human", "kind: human\n    tokens: single-use")))
        .containsExactly("bad_value");
  }

  @Test
  void a1_an_issuer_without_an_audience_is_refused() throws IOException {
    assertThat(codes(GOOD.replace("    audience: daypass\n", ""))).contains("missing_key");
    assertThat(codes(GOOD.replace("audience: daypass", "audience: ''"))).contains("bad_value");
    assertThat(codes(GOOD.replace("audience: daypass", "audience:"))).contains("empty_value");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "sts.amazonaws.com",
        "STS.amazonaws.com",
        "api://AzureADTokenExchange",
        "https://kubernetes.default.svc",
        "https://kubernetes.default.svc.cluster.local",
        "//iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/p/providers/x",
        "https://github.com/acme",
        "https://login.example.com/realms/acme"
      })
  void a2_an_audience_that_others_take_as_theirs_is_refused(String audience) throws IOException {
    assertThat(codes(GOOD.replace("audience: daypass", "audience: " + audience)))
        .contains("shared_audience");
  }

  @Test
  void a_workload_issuer_needs_a_preset_and_has_no_client() throws IOException {
    assertThat(codes(GOOD.replace("    preset: github\n", ""))).contains("missing_key");
    assertThat(codes(GOOD + "").isEmpty()).isTrue();
    assertThat(codes(GOOD.replace("preset: github", "preset: github\n    cli: { client-id: x }")))
        .contains("bad_value");
    assertThat(codes(GOOD.replaceFirst("(?s)issuers:.*?auditors", "issuers: []\nauditors")))
        .contains("no_issuer");
  }
}

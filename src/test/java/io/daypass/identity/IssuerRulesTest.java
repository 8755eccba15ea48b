package io.daypass.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class IssuerRulesTest {

  private static final String OWN = "https://daypass.example.com";
  private static final Duration HOUR = Duration.ofHours(1);

  @Test
  void a_good_issuer_has_no_problems() {
    assertThat(problems("https://login.example.com/realms/acme", OWN)).isEmpty();
    assertThat(problems("https://login.example.com", "daypass")).isEmpty();
    assertThat(problems("http://localhost:8090/staff", "daypass")).isEmpty();
    assertThat(problems("http://127.0.0.1:8090/staff", "daypass")).isEmpty();
    assertThat(problems("http://[::1]:8090/staff", "daypass")).isEmpty();
  }

  @Test
  void a1_an_issuer_without_an_audience_does_not_exist() {
    for (var audience : List.of("", " ", "\t", " daypass", "daypass ")) {
      assertThat(problems("https://login.example.com", audience)).hasSize(1);
      assertThatThrownBy(() -> issuer("staff", "https://login.example.com", audience))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("audience");
    }
  }

  @Test
  void a2_an_audience_that_other_services_share_is_refused_as_configuration() {
    for (var audience :
        List.of(
            "sts.amazonaws.com",
            "STS.amazonaws.com",
            "api://AzureADTokenExchange",
            "https://kubernetes.default.svc",
            "https://kubernetes.default.svc/",
            "https://kubernetes.default.svc.cluster.local",
            "https://github.com/acme",
            "https://gitlab.com",
            "sigstore",
            "//iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/p/providers/x",
            "https://login.example.com",
            "https://LOGIN.example.com:443/")) {
      assertThat(problems("https://login.example.com", audience))
          .as(audience)
          .singleElement()
          .asString()
          .contains("other services");
      assertThatThrownBy(() -> issuer("staff", "https://login.example.com", audience))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void a11_an_issuer_that_anybody_on_the_way_could_speak_for_is_refused() {
    for (var url :
        List.of(
            "http://login.example.com",
            "http://127.0.0.1.example.com",
            "http://localhost.example.com",
            "ftp://login.example.com",
            "https://user@login.example.com",
            "https://login.example.com?tenant=1",
            "https://login.example.com#x",
            "https://",
            "login.example.com",
            "https://login example.com",
            "")) {
      assertThat(problems(url, "daypass")).as(url).hasSize(1);
    }
    var keys = URI.create("http://keys.example.com");
    assertThat(IssuerRules.problems("staff", "https://login.example.com", "daypass", HOUR, keys))
        .hasSize(1);
    var secure = URI.create("https://keys.example.com/keys?p=1");
    assertThat(IssuerRules.problems("staff", "https://login.example.com", "daypass", HOUR, secure))
        .isEmpty();
  }

  @Test
  void a15_there_is_no_issuer_without_a_longest_life() {
    for (var life : List.of(Duration.ZERO, Duration.ofSeconds(-1), Duration.ofDays(367))) {
      assertThat(IssuerRules.problems("staff", "https://login.example.com", "daypass", life, null))
          .hasSize(1);
    }
    var year = Duration.ofDays(366);
    assertThat(IssuerRules.problems("staff", "https://login.example.com", "daypass", year, null))
        .isEmpty();
  }

  @Test
  void every_problem_is_told_at_once() {
    assertThat(IssuerRules.problems("a b", "x", "", Duration.ZERO, URI.create("x"))).hasSize(5);
  }

  @Test
  void a17_the_broker_cannot_be_its_own_issuer() {
    for (var url : List.of(OWN, OWN + "/", "https://DAYPASS.example.com", OWN + ":443")) {
      assertThat(IssuerRules.clashes(List.of(issuer("own", url, "daypass")), OWN))
          .as(url)
          .singleElement()
          .asString()
          .contains("its own issuer");
    }
    assertThat(IssuerRules.clashes(List.of(issuer("own", OWN + "/staff", "daypass")), OWN))
        .isEmpty();
    assertThat(
            IssuerRules.clashes(
                List.of(issuer("staff", "http://localhost:8090/staff", "daypass")),
                "http://localhost:8080"))
        .isEmpty();
  }

  @Test
  void a21_two_entries_share_neither_a_name_nor_an_issuer() {
    var staff = issuer("staff", "https://login.example.com", "daypass");
    assertThat(
            IssuerRules.clashes(
                List.of(staff, issuer("STAFF", "https://other.example.com", "daypass")), OWN))
        .singleElement()
        .asString()
        .contains("name");
    assertThat(
            IssuerRules.clashes(
                List.of(staff, issuer("other", "https://login.example.com/", "daypass")), OWN))
        .singleElement()
        .asString()
        .contains("same issuer");
  }

  private static List<String> problems(String issuer, String audience) {
    return IssuerRules.problems("staff", issuer, audience, HOUR, null);
  }

  private static TrustedIssuer issuer(String name, String url, String audience) {
    return new TrustedIssuer(
        name,
        url,
        audience,
        Kind.HUMAN,
        TrustedIssuer.Preset.GENERIC,
        TokenUse.REUSABLE,
        HOUR,
        new TrustedIssuer.ClaimNames(null, null, null, null));
  }
}

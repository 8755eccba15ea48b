package io.daypass.identity;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;

/** Who the claims of a token say that its bearer is. */
@NullUnmarked // hands in nulls on purpose
class BearerTest extends ClaimsFixture {

  @Test
  void a21_a_caller_belongs_to_the_issuer_that_signed() {
    assertThat(caller(good()).id().issuer()).isEqualTo("ci");
    // Saying otherwise in a claim changes nothing: the proof names the issuer.
    assertThat(caller(with("iss", "https://staff.example.com")).id().issuer()).isEqualTo("ci");
  }

  @Test
  void b1_a_machines_subject_is_printable_ascii() {
    caller(with("sub", "repo:acme/shop:environment:my environment"));
    for (var subject :
        List.of(
            "j\u043eb-1",
            "job-1\u200b",
            "job\n1",
            "job-1\u007f",
            " job",
            "job ",
            "x".repeat(1025))) {
      assertThat(refusal(with("sub", subject))).isEqualTo(Rejection.SUBJECT_NOT_ALLOWED);
    }
  }

  @Test
  void b1_subjects_that_differ_in_case_are_different_callers() {
    assertThat(caller(with("sub", "Job-1")).id()).isNotEqualTo(caller(good()).id());
  }

  @Test
  void b1_a_persons_subject_has_nothing_that_hides() {
    kind = Kind.HUMAN;
    caller(with("sub", "Zoë Müller"));
    caller(with("sub", "ë".repeat(512)));
    for (var subject :
        List.of("zo\u202eë", "zoe\u200d", "zoe\u0007", "\u00a0zoe", "ë".repeat(513))) {
      assertThat(refusal(with("sub", subject))).isEqualTo(Rejection.SUBJECT_NOT_ALLOWED);
    }
  }

  @Test
  void b5_both_forms_of_a_github_subject_are_different_subjects() {
    preset = TrustedIssuer.Preset.GITHUB;
    var old = caller(with("sub", "repo:acme/shop:ref:refs/heads/main")).id();
    var immutable = caller(with("sub", "repo:acme@42/shop@7351:ref:refs/heads/main")).id();
    assertThat(old).isNotEqualTo(immutable);
  }

  @Test
  void b5_ids_are_strings_that_say_something() {
    preset = TrustedIssuer.Preset.GITHUB;
    var claims = with("repository_id", "7351");
    claims.put("environment", "");
    assertThat(caller(claims).identity().claims()).containsEntry("repository_id", "7351");
    assertThat(refusal(with("repository_id", 7351L))).isEqualTo(Rejection.CLAIM_WRONG_TYPE);
    assertThat(refusal(with("repository_owner_id", ""))).isEqualTo(Rejection.CLAIM_EMPTY);
    assertThat(refusal(with("ref", null))).isEqualTo(Rejection.CLAIM_WRONG_TYPE);
    preset = TrustedIssuer.Preset.GITLAB;
    caller(with("ref_protected", "true"));
    assertThat(refusal(with("ref_protected", true))).isEqualTo(Rejection.CLAIM_WRONG_TYPE);
    preset = TrustedIssuer.Preset.BUILDKITE;
    caller(with("pipeline_id", "abc"));
    assertThat(refusal(with("pipeline_id", 1L))).isEqualTo(Rejection.CLAIM_WRONG_TYPE);
  }

  @Test
  void b5_a_service_account_is_typed_to_its_depth() {
    preset = TrustedIssuer.Preset.KUBERNETES;
    var account = Map.of("name", "deployer", "uid", "1-2-3");
    caller(with("kubernetes.io", Map.of("namespace", "shop", "serviceaccount", account)));
    for (var cluster :
        Arrays.asList(
            "shop",
            null,
            Map.of("namespace", 1L),
            Map.of("serviceaccount", "deployer"),
            Map.of("serviceaccount", Map.of("uid", List.of())))) {
      assertThat(refusal(with("kubernetes.io", cluster))).isEqualTo(Rejection.CLAIM_WRONG_TYPE);
    }
  }

  @Test
  void b6_an_e_mail_address_is_shown_and_identifies_nobody() {
    kind = Kind.HUMAN;
    var claims = with("email", "alice@example.com");
    claims.put("sub", "other");
    var first = caller(with("email", "alice@example.com"));
    assertThat(first.identity().shownAs()).isEqualTo("alice@example.com");
    assertThat(first.id()).isNotEqualTo(caller(claims).id());
    claims.put("email_verified", true);
    assertThat(caller(claims).identity().email()).isEqualTo("alice@example.com");
    claims.put("email_verified", false);
    assertThat(caller(claims).identity().email()).isNull();
  }

  @Test
  void what_cannot_be_shown_is_left_out() {
    kind = Kind.HUMAN;
    for (var text : List.of("", " ", "a\u202eb", "line\nline", "x".repeat(321))) {
      var claims = with("email", text);
      claims.put("name", text);
      assertThat(caller(claims).identity().shownAs()).isEqualTo("job-1");
    }
    assertThat(caller(with("name", "x".repeat(320))).identity().name()).hasSize(320);
    assertThat(caller(with("name", "Zoë")).identity().shownAs()).isEqualTo("Zoë");
  }

  @Test
  void a_person_without_the_configured_identifier_is_refused() {
    kind = Kind.HUMAN;
    person = "employee";
    assertThat(caller(with("employee", "e-7")).identity().person()).isEqualTo("e-7");
    assertThat(refusal(good())).isEqualTo(Rejection.CLAIM_MISSING);
    assertThat(refusal(with("employee", " "))).isEqualTo(Rejection.CLAIM_EMPTY);
    kind = Kind.WORKLOAD;
    assertThat(caller(good()).identity().person()).isNull();
  }

  @Test
  void who_somebody_is_stands_in_the_configured_claim_and_in_no_other() {
    kind = Kind.HUMAN;
    subject = "oid";
    assertThat(caller(with("oid", "o-7")).id().subject()).isEqualTo("o-7");
    assertThat(refusal(good())).isEqualTo(Rejection.CLAIM_MISSING);
    assertThat(refusal(with("oid", " "))).isEqualTo(Rejection.CLAIM_EMPTY);
    assertThat(refusal(with("oid", List.of("o-7")))).isEqualTo(Rejection.CLAIM_WRONG_TYPE);
    assertThat(refusal(with("oid", "o\u202e7"))).isEqualTo(Rejection.SUBJECT_NOT_ALLOWED);
    var without = with("oid", "o-7");
    without.remove("sub");
    assertThat(refusal(without)).isEqualTo(Rejection.CLAIM_MISSING);
  }

  @Test
  void groups_and_the_strength_of_the_sign_in_are_read() {
    kind = Kind.HUMAN;
    var claims = with("groups", List.of("leads", "engineering", "leads"));
    claims.put("acr", "phr");
    claims.put("amr", List.of("hwk", "pin"));
    var caller = caller(claims);
    assertThat(caller.identity().groups()).containsExactlyInAnyOrder("leads", "engineering");
    assertThat(caller.token().strength()).containsExactly("phr", "hwk", "pin");
    assertThat(caller.isHuman()).isTrue();
  }
}

package io.daypass.identity;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.NullUnmarked;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

@NullUnmarked // hands in nulls on purpose
class ClaimsTest {

  private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");
  private static final String AUDIENCE = "https://daypass.example.com";

  private Instant now = NOW;
  private Kind kind = Kind.WORKLOAD;
  private TrustedIssuer.Preset preset = TrustedIssuer.Preset.GENERIC;
  private String person;
  private String subject = "sub";
  private String issuerUrl = "https://ci.example.com";
  private String bytesHash = "aa";

  @Test
  void a_token_with_good_claims_names_its_bearer() {
    var caller = caller(good());
    assertThat(caller.id()).isEqualTo(new CallerId("ci", "job-1"));
    assertThat(caller.token().issuedAt()).isEqualTo(NOW);
    assertThat(caller.token().expiresAt()).isEqualTo(NOW.plusSeconds(300));
    assertThat(caller.token().use()).isEqualTo(TokenUse.SINGLE_USE);
    assertThat(caller.token().signedInAt()).isNull();
    assertThat(caller.token().strength()).isEmpty();
    assertThat(caller.identity().groups()).isEmpty();
    assertThat(caller.isHuman()).isFalse();
  }

  @Test
  void a1_the_audience_must_be_there_exactly_as_a_string_or_in_an_array() {
    caller(with("aud", AUDIENCE));
    caller(with("aud", List.of("https://other.example.com", AUDIENCE)));
    for (var audience :
        List.of(
            "https://other.example.com",
            AUDIENCE + "/",
            AUDIENCE + "x",
            " " + AUDIENCE,
            "HTTPS://DAYPASS.EXAMPLE.COM",
            List.of("https://other.example.com"),
            List.of(AUDIENCE + "/"))) {
      assertThat(refusal(with("aud", audience))).isEqualTo(Rejection.AUDIENCE_MISMATCH);
    }
    assertThat(refusal(without("aud"))).isEqualTo(Rejection.CLAIM_MISSING);
    assertThat(refusal(with("aud", List.of()))).isEqualTo(Rejection.CLAIM_EMPTY);
    assertThat(refusal(with("aud", ""))).isEqualTo(Rejection.CLAIM_EMPTY);
    assertThat(refusal(with("aud", List.of(AUDIENCE, "")))).isEqualTo(Rejection.CLAIM_EMPTY);
  }

  @Test
  void a14_a_claim_of_the_wrong_type_is_refused_and_never_taken_for_absent() {
    var wrong = new LinkedHashMap<String, List<?>>();
    wrong.put("aud", Arrays.asList(1L, true, Map.of(AUDIENCE, 1L), null, List.of(1L)));
    for (var time : List.of("exp", "iat", "nbf", "auth_time")) {
      var later = NOW.plusSeconds(300).getEpochSecond();
      wrong.put(time, Arrays.asList("" + later, (double) later, true, List.of(later), null, -1L));
    }
    for (var text : List.of("sub", "jti", "acr")) {
      wrong.put(text, Arrays.asList(1L, 1.5, true, List.of("x"), Map.of(), null));
    }
    wrong.put(
        "amr", Arrays.asList("pwd", 1L, Map.of(), List.of(1L), null, Arrays.asList("a", null)));
    wrong.put("groups", Arrays.asList("leads", 1L, Map.of("leads", true), List.of(1L), null));
    wrong.put("email", Arrays.asList(1L, List.of("a@example.com"), null));
    wrong.put("email_verified", Arrays.asList("true", "false", 1L, null));
    wrong.put("name", Arrays.asList(1L, List.of(), null));
    wrong.forEach((name, values) ->
        values.forEach(value ->
            assertThat(refusal(with(name, value)))
                .as("%s = %s", name, value)
                .isEqualTo(Rejection.CLAIM_WRONG_TYPE)));
  }

  @Test
  void a15_the_times_are_required() {
    for (var claim : List.of("exp", "iat", "sub", "aud")) {
      assertThat(refusal(without(claim))).as(claim).isEqualTo(Rejection.CLAIM_MISSING);
    }
  }

  @Test
  void a15_a_token_that_lives_longer_than_its_issuers_may_is_refused() {
    var hour = Duration.ofHours(1).toSeconds();
    caller(with("exp", NOW.getEpochSecond() + hour));
    assertThat(refusal(with("exp", NOW.getEpochSecond() + hour + 1)))
        .isEqualTo(Rejection.TOKEN_LIFE_TOO_LONG);
  }

  @Test
  void a15_the_leeway_is_30_seconds_and_not_one_more() {
    now = NOW.plusSeconds(300 + 29);
    caller(good());
    now = NOW.plusSeconds(300 + 30);
    assertThat(refusal(good())).isEqualTo(Rejection.TOKEN_EXPIRED);
    now = NOW.minusSeconds(30);
    caller(good());
    now = NOW.minusSeconds(31);
    assertThat(refusal(good())).isEqualTo(Rejection.TOKEN_NOT_YET_VALID);
    now = NOW;
    caller(with("nbf", NOW.plusSeconds(30).getEpochSecond()));
    assertThat(refusal(with("nbf", NOW.plusSeconds(31).getEpochSecond())))
        .isEqualTo(Rejection.TOKEN_NOT_YET_VALID);
  }

  @Test
  void a15_a_token_that_expires_before_it_was_issued_is_refused() {
    var claims = with("iat", NOW.plusSeconds(20).getEpochSecond());
    claims.put("exp", NOW.plusSeconds(20).getEpochSecond());
    assertThat(refusal(claims)).isEqualTo(Rejection.TOKEN_EXPIRED);
  }

  @Test
  void a15_a_sign_in_in_the_future_is_refused() {
    var signedIn = NOW.minusSeconds(60);
    assertThat(caller(with("auth_time", signedIn.getEpochSecond())).token().signedInAt())
        .isEqualTo(signedIn);
    assertThat(refusal(with("auth_time", NOW.plusSeconds(31).getEpochSecond())))
        .isEqualTo(Rejection.TOKEN_NOT_YET_VALID);
  }

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

  @Test
  void a17_logout_event_and_access_tokens_are_refused() {
    var logout = Map.of("http://schemas.openid.net/event/backchannel-logout", Map.of());
    assertThat(refusal(with("events", logout))).isEqualTo(Rejection.TOKEN_TYPE_NOT_ALLOWED);
    kind = Kind.HUMAN;
    for (var type : List.of("Bearer", "Refresh", "Offline", "Logout")) {
      assertThat(refusal(with("typ", type))).isEqualTo(Rejection.TOKEN_TYPE_NOT_ALLOWED);
    }
    caller(with("typ", "ID"));
  }

  @Test
  void a18_empty_and_blank_claims_are_refused() {
    for (var blank : List.of("", " ", "\t\n", "\u00a0", "\u200b", "\u2003\u2060", "\u0000")) {
      for (var claim : List.of("sub", "aud", "jti", "acr")) {
        assertThat(refusal(with(claim, blank))).as(claim).isEqualTo(Rejection.CLAIM_EMPTY);
      }
      assertThat(refusal(with("groups", List.of("leads", blank)))).isEqualTo(Rejection.CLAIM_EMPTY);
    }
  }

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

  @Test
  void json_nulls_do_not_stay_among_the_claims() {
    var inner = new LinkedHashMap<String, Object>();
    inner.put("a", null);
    inner.put("b", 1L);
    inner.put("c", Arrays.asList(null, "x", List.of()));
    var claims = with("custom", inner);
    claims.put("gone", null);
    assertThat(caller(claims).identity().claims())
        .doesNotContainKey("gone")
        .containsEntry("custom", Map.of("b", 1L, "c", List.of("x", List.of())));
  }

  @Test
  void an_issuer_that_names_no_claims_gets_none_read() {
    var bare =
        new TrustedIssuer(
            "ci",
            issuerUrl,
            AUDIENCE,
            kind,
            preset,
            TokenUse.REUSABLE,
            Duration.ofHours(1),
            new TrustedIssuer.ClaimNames(null, null, null, null));
    var claims = with("groups", "leads");
    claims.put("email_verified", "maybe");
    var proof = new TokenProof.Proof.Signed(bare, claims, bytesHash);
    var identity =
        ((Verification.Verified) new IdentityVerifier(_ -> proof, () -> now).verify("t"))
            .caller()
            .identity();
    assertThat(identity.groups()).isEmpty();
    assertThat(identity.email()).isNull();
  }

  @Test
  void f28_a_clock_ten_minutes_off_refuses_and_breaks_nothing() {
    now = NOW.plus(Duration.ofMinutes(10));
    assertThat(refusal(good())).isEqualTo(Rejection.TOKEN_EXPIRED);
    now = NOW.minus(Duration.ofMinutes(10));
    assertThat(refusal(good())).isEqualTo(Rejection.TOKEN_NOT_YET_VALID);
  }

  @Test
  void f29_times_at_the_end_of_the_calendar_do_not_overflow() {
    for (var time : List.of(Long.MAX_VALUE, Long.MIN_VALUE, 253_402_300_800L, -1L)) {
      assertThat(refusal(with("exp", time))).isEqualTo(Rejection.CLAIM_WRONG_TYPE);
      assertThat(refusal(with("iat", time))).isEqualTo(Rejection.CLAIM_WRONG_TYPE);
    }
    assertThat(refusal(with("exp", 253_402_300_799L))).isEqualTo(Rejection.TOKEN_LIFE_TOO_LONG);
    now = Instant.parse("2038-01-19T03:14:08Z");
    var claims = with("iat", now.getEpochSecond());
    claims.put("exp", now.getEpochSecond() + 60);
    caller(claims);
  }

  @Test
  void an_outage_and_a_refusal_pass_through_as_what_they_are() {
    var unsigned = new TokenProof.Proof.Unsigned(Rejection.SIGNATURE_INVALID);
    assertThat(new IdentityVerifier(_ -> unsigned, () -> now).verify("t"))
        .isEqualTo(new Verification.Rejected(Rejection.SIGNATURE_INVALID));
    var outage = new TokenProof.Proof.KeysUnavailable("ci");
    assertThat(new IdentityVerifier(_ -> outage, () -> now).verify("t"))
        .isEqualTo(new Verification.Unavailable("ci"));
  }

  @Test
  void every_rejection_has_a_code_and_a_sentence() {
    var codes = new ArrayList<String>();
    for (var rejection : Rejection.values()) {
      assertThat(rejection.code()).matches("[a-z_]+");
      assertThat(rejection.detail()).isNotBlank();
      codes.add(rejection.code());
    }
    assertThat(codes).doesNotHaveDuplicates();
  }

  @Test
  void an_identity_that_may_be_the_same_person_is_the_same_person() {
    var alice = new CallerId("staff", "1");
    var one = new Identity(alice, Kind.HUMAN, null, "A@example.com", "e-7", Set.of(), Map.of());
    var two =
        new Identity(
            new CallerId("other", "2"),
            Kind.HUMAN,
            null,
            "a@EXAMPLE.com",
            null,
            Set.of(),
            Map.of());
    var three =
        new Identity(new CallerId("other", "3"), Kind.HUMAN, null, null, "e-7", Set.of(), Map.of());
    assertThat(one.samePersonAs(two)).isTrue();
    assertThat(one.samePersonAs(three)).isTrue();
    assertThat(two.samePersonAs(three)).isFalse();
    assertThat(two.samePersonAs(two)).isTrue();
  }

  private static Identity known(String subject, @Nullable String email, @Nullable String person) {
    var id = new CallerId(subject, subject);
    return new Identity(id, Kind.HUMAN, null, email, person, Set.of(), Map.of());
  }

  @Test
  void c1_issuers_may_write_the_same_person_differently() {
    var one = known("okta", null, "josé@corp.example");
    for (var same :
        List.of(
            known("entra", null, "JOSÉ@Corp.example"),
            known("entra", null, "jose\u0301@corp.example "),
            known("entra", "José@corp.example", "7"))) {
      assertThat(one.samePersonAs(same)).isTrue();
      assertThat(same.samePersonAs(one)).isTrue();
    }
    assertThat(one.samePersonAs(known("entra", "jose@corp.example", "8"))).isFalse();
    assertThat(known("okta", " ", null).samePersonAs(known("entra", "", null))).isFalse();
  }

  private Map<String, Object> good() {
    var claims = new LinkedHashMap<String, Object>();
    claims.put("iss", issuerUrl);
    claims.put("aud", AUDIENCE);
    claims.put("sub", "job-1");
    claims.put("iat", NOW.getEpochSecond());
    claims.put("exp", NOW.plusSeconds(300).getEpochSecond());
    return claims;
  }

  private Map<String, Object> with(String name, Object value) {
    var claims = good();
    claims.put(name, value);
    return claims;
  }

  private Map<String, Object> without(String name) {
    var claims = good();
    claims.remove(name);
    return claims;
  }

  private Caller caller(Map<String, Object> claims) {
    return ((Verification.Verified) verify(claims)).caller();
  }

  private Rejection refusal(Map<String, Object> claims) {
    return ((Verification.Rejected) verify(claims)).reason();
  }

  private String replayKey(Map<String, Object> claims) {
    return caller(claims).token().replayKey();
  }

  private Verification verify(Map<String, Object> claims) {
    var issuer =
        new TrustedIssuer(
            "ci",
            issuerUrl,
            AUDIENCE,
            kind,
            preset,
            TokenUse.SINGLE_USE,
            Duration.ofHours(1),
            new TrustedIssuer.ClaimNames(subject, "groups", "email", "name", person));
    var proof = new TokenProof.Proof.Signed(issuer, claims, bytesHash);
    return new IdentityVerifier(_ -> proof, () -> now).verify("token");
  }
}

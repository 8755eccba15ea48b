package io.daypass.cloud;

import static io.daypass.cloud.Grants.REQUEST;
import static io.daypass.cloud.Grants.human;
import static io.daypass.cloud.Grants.identity;
import static org.assertj.core.api.Assertions.assertThat;

import io.daypass.identity.CallerId;
import io.daypass.identity.Kind;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SessionNameTest {

  private static final String TAKEN_BY_AWS = "[A-Za-z0-9_+=,.@-]{2,64}";

  @Test
  void a_person_is_called_by_their_email_and_the_request() {
    assertThat(SessionName.of(human("8c1b", "alice@example.com"), REQUEST).value())
        .isEqualTo("alice@example.com-0123456789abcdef");
  }

  @Test
  void a_workload_is_called_by_its_subject_whatever_email_it_claims() {
    var robot = identity("github", "acme.shop", Kind.WORKLOAD, "alice@example.com");
    assertThat(SessionName.of(robot, REQUEST).value()).isEqualTo("acme.shop-0123456789abcdef");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "alice*",
        "alice/../bob",
        "alice,bob",
        "alice+bob@example.com",
        "älice@example.com",
        "alice\n@example.com",
        "аlice@example.com",
        "${aws:username}",
        "an.address.that.is.longer.than.47.characters@example.com",
        "id.0123456789abcdef0123456789abcdef"
      })
  void b3_what_does_not_fit_is_replaced_whole_and_never_rewritten(String email) {
    var named = SessionName.of(human("8c1b", email), REQUEST).value();
    assertThat(named).matches("id\\.[0-9a-f]{32}-0123456789abcdef").matches(TAKEN_BY_AWS);
    assertThat(named).isNotEqualTo(email + "-0123456789abcdef");
  }

  @Test
  void b3_a_subject_that_does_not_fit_is_replaced_whole() {
    var pod = new CallerId("kubernetes", "system:serviceaccount:shop:deployer");
    assertThat(SourceIdentity.of(pod).value()).matches("id\\.[0-9a-f]{32}");
    assertThat(SourceIdentity.of(new CallerId("staff", "8c1b")).value()).isEqualTo("staff=8c1b");
    assertThat(SourceIdentity.of(new CallerId("staff", "x".repeat(59))).value()).startsWith("id.");
    assertThat(SourceIdentity.of(new CallerId("st*ff", "8c1b")).value()).startsWith("id.");
  }

  @Test
  void two_people_who_claim_one_email_have_two_source_identities() {
    var alice = human("8c1b", "alice@example.com");
    var mallory = human("9d2c", "alice@example.com");
    assertThat(SourceIdentity.of(alice.id())).isNotEqualTo(SourceIdentity.of(mallory.id()));
  }

  @Test
  void a_person_keeps_their_source_identity_when_their_email_changes() {
    assertThat(SourceIdentity.of(human("8c1b", "alice@example.com").id()))
        .isEqualTo(SourceIdentity.of(human("8c1b", "alice@married.example").id()));
  }

  @Test
  void issuer_and_subject_cannot_be_divided_in_two_ways() {
    var distinct = new HashSet<SourceIdentity>();
    var ids =
        List.of(
            new CallerId("a", "b=c"),
            new CallerId("a=b", "c"),
            new CallerId("a", "b/c"),
            new CallerId("a/b", "c"),
            new CallerId("ab", "/c"),
            new CallerId("id.", "x"));
    ids.forEach(id -> distinct.add(SourceIdentity.of(id)));
    assertThat(distinct).hasSize(ids.size());
  }

  @Test
  void whatever_the_claims_are_aws_takes_the_names() {
    var random = new Random(7);
    for (int i = 0; i < 10_000; i++) {
      var subject = "s" + text(random);
      var requester = human(subject, text(random));
      assertThat(SessionName.of(requester, REQUEST).value()).matches(TAKEN_BY_AWS);
      assertThat(SourceIdentity.of(requester.id()).value()).matches(TAKEN_BY_AWS);
    }
  }

  private static String text(Random random) {
    var text = new StringBuilder();
    for (int left = random.nextInt(70); left > 0; left--) {
      text.appendCodePoint(
          random.nextInt(10) == 0 ? random.nextInt(0x3000) : 'a' + random.nextInt(26));
    }
    return text.toString();
  }
}

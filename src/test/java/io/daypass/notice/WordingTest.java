package io.daypass.notice;

import static org.assertj.core.api.Assertions.assertThat;

import io.daypass.notice.Wording.Line;
import io.daypass.request.AccessRequest.Status;
import io.daypass.request.Approval.Verdict;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class WordingTest {

  @Test
  void who_decides_reads_all_that_the_page_says_of_a_request() {
    var words = Wording.of(Messages.of(NoticeKind.WAITING).make());
    assertThat(words.title()).isEqualTo("Approval needed: prod-admin for alice@acme.example");
    assertThat(words.lines())
        .containsExactly(
            new Line("Requester", "alice@acme.example (staff=alice)"),
            new Line("Role", "prod-admin (a role)"),
            new Line("Access", "write"),
            new Line("Sensitivity", "high"),
            new Line("Duration", "1h"),
            new Line("Reason", "disk full"),
            new Line("Ticket", "INC-1"),
            new Line("Must agree", "1 person with \"leads\" in groups"),
            new Line("At", "2026-11-22T10:00:00Z"));
    assertThat(words.page()).hasToString("https://daypass.example.com/requests/0123456789abcdef");
    assertThat(words.run()).isNull();
  }

  @Test
  void a_workload_s_request_says_which_run_of_which_repository_asks() {
    var words = Wording.of(Messages.of(NoticeKind.WAITING).by(Messages.run("mallory")).make());
    assertThat(words.lines())
        .contains(
            new Line("Repository", "acme/shop"),
            new Line("Ref", "refs/heads/main"),
            new Line("Commit", "8f3c1d2e"),
            new Line("Actor", "mallory"),
            new Line("Run", "https://github.com/acme/shop/actions/runs/77/attempts/2"));
    assertThat(words.run()).hasToString("https://github.com/acme/shop/actions/runs/77/attempts/2");
  }

  @Test
  void what_was_decided_says_by_whom_and_with_which_words() {
    var approved = Messages.of(NoticeKind.APPROVED).decided("bob", Verdict.APPROVE, "go").make();
    assertThat(Wording.of(approved).lines())
        .contains(
            new Line("Yes", "bob@acme.example (staff=bob), for 30m: go"),
            new Line("Duration", "30m of 1h asked for"),
            new Line("Ends", "2026-11-22T11:00:00Z"));
    var denied = Messages.of(NoticeKind.DENIED).decided("bob", Verdict.DENY, null).make();
    assertThat(Wording.of(denied).lines())
        .contains(new Line("No", "bob@acme.example (staff=bob), for 30m"))
        .doesNotContain(new Line("Ended by", "pat@acme.example"));
  }

  @Test
  void an_end_says_by_whom_and_why() {
    assertThat(Wording.of(Messages.of(NoticeKind.REVOKED).make()).lines())
        .contains(new Line("Ended by", "pat@acme.example"), new Line("Because", "incident"));
  }

  @Test
  void what_is_decided_by_the_time_it_is_told_is_said() {
    assertThat(Wording.of(Messages.of(NoticeKind.WAITING).make(Status.CANCELLED)).lines())
        .contains(new Line("State", "cancelled by now"));
    assertThat(Wording.of(Messages.of(NoticeKind.LAPSED).make(Status.LAPSED)).lines())
        .noneMatch(line -> line.label().equals("State"));
  }

  @Test
  void a_stop_says_who_and_why() {
    var words = Wording.of(Messages.of(NoticeKind.STOPPED).broker(Map.of("reason", "incident")));
    assertThat(words.title()).isEqualTo("All issuing is stopped");
    assertThat(words.lines())
        .contains(new Line("By", "pat@acme.example (staff=pat)"), new Line("Reason", "incident"));
  }

  @Test
  void an_issuance_that_was_never_finished_is_named() {
    assertThat(Wording.of(Messages.of(NoticeKind.ORPHANED).make()).lines())
        .contains(new Line("Issuance", "00000000-0000-0007-0000-000000000007"));
  }

  @Test
  void c11_what_callers_write_forges_no_line_and_hides_nothing() {
    var words =
        Wording.of(
            Messages.of(NoticeKind.WAITING)
                .by(Messages.run(Messages.HOSTILE))
                .reason(Messages.HOSTILE)
                .decided("bob", Verdict.APPROVE, Messages.HOSTILE)
                .make());
    for (var line : words.lines()) {
      assertThat(line.text()).doesNotContainPattern("[\\r\\n\\t\\u0000\\u001b\\u202e]");
    }
    assertThat(words.lines()).extracting(Line::label).doesNotHaveDuplicates();
  }

  @ParameterizedTest
  @EnumSource
  void every_kind_has_its_words(NoticeKind kind) {
    assertThat(Wording.of(Messages.of(kind).make()).title()).startsWith(kind.phrase());
    assertThat(NoticeKind.of(kind.code())).contains(kind);
    assertThat(NoticeKind.of(kind.name())).isEmpty();
  }
}

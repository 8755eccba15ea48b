package io.daypass.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.daypass.cloud.Secret;
import io.daypass.issuer.Signing;
import io.daypass.issuer.SigningKeys;
import io.daypass.ledger.Checkpoint;
import io.daypass.ledger.MerkleTree;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a check of the whole ledger finds, and what only one who was there before can find. */
class AuditVerifyTest {

  private static final Instant NOW = Instant.parse("2026-03-02T12:00:00Z");
  private static final SigningKeys KEYS = Signing.ready(() -> NOW);

  @TempDir private Path home;
  private FakeBroker broker;
  private Shell shell;

  /** The ledger, as it is. */
  private final List<String> kinds =
      new ArrayList<>(List.of("request_made", "intent", "sealed", "refused"));

  @BeforeEach
  void start() {
    broker = new FakeBroker();
    shell = new Shell(home).with("DAYPASS_URL", broker.url()).with("DAYPASS_TOKEN", "a.b.c");
    broker.on("GET /.well-known/jwks.json", 200, KEYS.jwks().body());
    checkpoint("at first", kinds);
    serve(kinds);
  }

  @AfterEach
  void stop() {
    broker.close();
  }

  private static String canonical(int number, String kind) {
    return "{\"v\": 1, \"at\": \"2026-03-02T12:00:00.120000Z\", \"kind\": \"%s\", \"number\": %d}"
        .formatted(kind, number);
  }

  private static String lines(List<String> kinds) {
    var lines = new StringBuilder();
    for (var number = 1; number <= kinds.size(); number++) {
      // What is not there has left its number behind.
      if (!kinds.get(number - 1).isEmpty()) {
        var canonical = canonical(number, kinds.get(number - 1));
        lines.append(
            "{\"number\":%d,\"at\":\"2026-03-02T12:00:00.12Z\",\"kind\":\"%s\",\"canonical\":\"%s\",\"sha256\":\"%s\"}\n"
                .formatted(
                    number,
                    kinds.get(number - 1),
                    canonical.replace("\"", "\\\""),
                    new Secret(canonical).fingerprint()));
      }
    }
    return lines.toString();
  }

  private void serve(List<String> ledger) {
    broker.on("GET /v1/ledger/export?format=jsonl", 200, lines(ledger));
  }

  private static Checkpoint over(List<String> ledger) {
    var tree = new MerkleTree();
    for (var number = 1; number <= ledger.size(); number++) {
      if (!ledger.get(number - 1).isEmpty()) {
        var bytes = canonical(number, ledger.get(number - 1)).getBytes(StandardCharsets.UTF_8);
        tree.add(MerkleTree.leaf(bytes));
      }
    }
    return new Checkpoint("daypass.example.com/ledger", tree.size(), tree.root());
  }

  private String checkpoint(String at, List<String> ledger) {
    var checkpoint = over(ledger);
    return checkpoint(
        at, ledger.size(), checkpoint, KEYS.attest(Checkpoint.TYPE, checkpoint.text()));
  }

  private String checkpoint(String at, int through, Checkpoint checkpoint, String signed) {
    var json =
        "{\"size\":%d,\"through\":%d,\"root\":\"%s\",\"at\":\"%s\",\"signed\":\"%s\"}"
            .formatted(checkpoint.size(), through, checkpoint.root(), at, signed);
    broker.on("GET /v1/ledger/checkpoint", 200, json);
    return json;
  }

  private void holds() {
    var ran = shell.run("audit", "verify");
    assertThat(ran.exit()).as(ran.out() + ran.err()).isZero();
  }

  private void fails(String finding) {
    var ran = shell.run("audit", "verify");
    assertThat(ran.exit()).as(ran.out()).isEqualTo(1);
    assertThat(ran.out()).contains(finding);
    assertThat(ran.err()).contains("not all is as it was written");
  }

  @Test
  void aLedgerThatIsWholeIsOkAndFromTheSecondTimeOnNothingWasChangedMeanwhile() {
    var first = shell.run("audit", "verify");
    assertThat(first.exit()).isZero();
    assertThat(first.out().lines())
        .containsExactly(
            "ok: 4 entries; each one's bytes have its digest and say what it says",
            "the first 4 are whole: just these, by the checkpoint of at first",
            "not shown by this: that nothing was changed before this first check from here");
    kinds.addAll(List.of("ledger_read", "ledger_read"));
    serve(kinds);
    checkpoint("later", kinds.subList(0, 5));
    var second = shell.run("audit", "verify");
    assertThat(second.exit()).isZero();
    assertThat(second.out().lines())
        .containsExactly(
            "ok: 6 entries; each one's bytes have its digest and say what it says",
            "the first 5 are whole: just these, by the checkpoint of later",
            "the 4 that were there at at first are there still");
    assertThat(shell.run("audit", "verify", "--json").out())
        .isEqualTo("{\"ok\":true,\"entries\":6,\"whole\":5,\"findings\":[]}\n");
  }

  @Test
  void e5_what_was_changed_removed_or_put_between_is_found_by_the_checkpoint() {
    for (var changed :
        List.of(
            List.of("request_made", "intent", "failed", "refused"),
            List.of("request_made", "intent", "", "refused"),
            List.of("request_made", "intent", "sealed"),
            List.of("", "intent", "sealed", "refused"),
            List.of("intent", "request_made", "sealed", "refused"),
            List.<String>of())) {
      serve(changed);
      fails("at first");
      assertThat(home.resolve(".config/daypass/checkpoints")).doesNotExist();
    }
    // One more, with a number that was nobody's.
    checkpoint("at first", List.of("request_made", "", "sealed"));
    serve(List.of("request_made", "intent", "sealed"));
    fails("up to number 3 there are 3 entries; the checkpoint of at first is over 2");
  }

  @Test
  void e5_a_ledger_that_was_rewritten_and_signed_anew_is_found_by_who_was_there_before() {
    holds();
    for (var rewritten :
        List.of(
            List.of("request_made", "intent", "failed", "refused"),
            List.of("request_made", "intent", "failed", "refused", "ledger_read"),
            List.of("request_made", "intent", "", "refused", "ledger_read"))) {
      serve(rewritten);
      checkpoint("later", rewritten);
      fails("the first 4 entries are not those that were there at at first");
    }
    // What was kept is kept: the next check finds it as well.
    fails("at at first");
    serve(kinds);
    checkpoint("later", kinds);
    holds();
  }

  @Test
  void f17_a_ledger_that_was_put_back_is_behind() {
    holds();
    var before = kinds.subList(0, 3);
    serve(before);
    checkpoint("later", before);
    fails("the ledger is behind what was there at at first: 4 entries then, 3 now");
  }

  @Test
  void e5_a_checkpoint_that_the_broker_did_not_sign_is_none() {
    var good = over(kinds);
    var foreign = Signing.ready(() -> NOW);
    for (var signed :
        List.of(
            "",
            "a.b.c",
            foreign.attest(Checkpoint.TYPE, good.text()),
            KEYS.attest("JWT", good.text()),
            KEYS.attest(Checkpoint.TYPE, over(List.of("request_made")).text()),
            KEYS.attest(Checkpoint.TYPE, "something else"))) {
      checkpoint("at first", 4, good, signed);
      fails("the checkpoint of at first is not signed by a key of the broker");
    }
    broker.on("GET /.well-known/jwks.json", 404, "");
    checkpoint("at first", kinds);
    fails("is not signed by a key of the broker");
  }

  @Test
  void aCheckpointThatWasKeptElsewhereIsComparedWithToo() throws IOException {
    var elsewhere = Files.writeString(home.resolve("kept.json"), checkpoint("before", kinds));
    assertThat(shell.run("audit", "checkpoint").out().strip())
        .isEqualTo(Files.readString(elsewhere));
    var rewritten = List.of("request_made", "intent", "failed", "refused", "ledger_read");
    serve(rewritten);
    checkpoint("later", rewritten);
    var ran = shell.run("audit", "verify", "--checkpoint", elsewhere.toString());
    assertThat(ran.exit()).isEqualTo(1);
    assertThat(ran.out()).contains("the first 4 entries are not those that were there at before");
    var export = Files.writeString(home.resolve("ledger.jsonl"), lines(kinds));
    var words = List.of("audit", "verify", "--file", export.toString(), "--checkpoint");
    var offline = shell.run(with(words, elsewhere));
    assertThat(offline.exit()).isZero();
    assertThat(offline.out())
        .contains("the first 4 are whole", "not shown by this: who signed the checkpoint");
    Files.writeString(export, lines(rewritten));
    assertThat(shell.run(with(words, elsewhere)).out())
        .contains("the first 4 entries are not those that the checkpoint of before is over");
    Files.writeString(elsewhere, "{}");
    assertThat(shell.run(with(words, elsewhere)).err()).contains("holds no checkpoint");
  }

  @Test
  void anExportThatEndsBeforeTheCheckpointIsNotVerifiedAndNobodyIsSuspected() throws IOException {
    var later = Files.writeString(home.resolve("kept.json"), checkpoint("later", kinds));
    var export = Files.writeString(home.resolve("ledger.jsonl"), lines(kinds.subList(0, 3)));
    var words = List.of("audit", "verify", "--file", export.toString(), "--checkpoint");
    var early = shell.run(with(words, later));
    assertThat(early.exit()).isEqualTo(1);
    assertThat(early.out().strip())
        .isEqualTo("the export ends with entry 3; the checkpoint of later goes up to entry 4");
    assertThat(early.err())
        .contains("not verified: the export ends before the checkpoint", "take a checkpoint first")
        .doesNotContain("as it was written", "database");
    var json = new ArrayList<>(words);
    json.add(2, "--json");
    assertThat(shell.run(with(json, later)).out())
        .isEqualTo(
            "{\"ok\":false,\"entries\":3,\"findings\":[\"the export ends with entry 3; the"
                + " checkpoint of later goes up to entry 4\"]}\n");
    // What can be seen to be wrong is said all the same.
    Files.writeString(export, lines(kinds.subList(0, 3)).replace("intent\\\"", "failed\\\""));
    assertThat(shell.run(with(words, later)).err()).contains("not all is as it was written");
    // A number that was nobody's may be the last that a checkpoint goes up to.
    var gap = over(kinds);
    Files.writeString(export, lines(kinds));
    Files.writeString(later, checkpoint("later", 9, gap, KEYS.attest(Checkpoint.TYPE, gap.text())));
    assertThat(shell.run(with(words, later)).exit()).isZero();
  }

  private static String[] with(List<String> words, Path file) {
    var all = new ArrayList<>(words);
    all.add(file.toString());
    return all.toArray(String[]::new);
  }

  @Test
  void aFilterLeavesTheCheckpointOutAndSaysSo() throws IOException {
    broker.on(
        "GET /v1/ledger/export?kind=sealed&format=jsonl", 200, lines(List.of("", "", "sealed")));
    broker.on(
        "GET /v1/ledger/export?format=jsonl&kind=sealed", 200, lines(List.of("", "", "sealed")));
    var ran = shell.run("audit", "verify", "--kind", "sealed");
    assertThat(ran.exit()).as(ran.err()).isZero();
    assertThat(ran.out()).contains("ok: 1 entries", "not shown by this: that no entry is missing");
    var kept = Files.writeString(home.resolve("kept.json"), checkpoint("before", kinds));
    var both = shell.run("audit", "verify", "--kind", "sealed", "--checkpoint", kept.toString());
    assertThat(both.exit()).isEqualTo(2);
  }

  @Test
  void aKeptCheckpointThatCannotBeReadIsNotTakenForNone() throws IOException {
    holds();
    try (var files = Files.list(home.resolve(".config/daypass/checkpoints"))) {
      Files.writeString(files.findFirst().orElseThrow(), "not json");
    }
    var ran = shell.run("audit", "verify");
    assertThat(ran.exit()).isEqualTo(1);
    assertThat(ran.err()).contains("cannot be read");
  }
}

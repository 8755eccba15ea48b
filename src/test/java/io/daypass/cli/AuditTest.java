package io.daypass.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.daypass.cloud.Secret;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Exports that are whole or none, and what a check of entries finds. */
class AuditTest {

  private static final String FIRST = entry(1, "request_made", canonical(1, "request_made"));
  private static final String SECOND = entry(2, "sealed", canonical(2, "sealed"));

  @TempDir private Path home;
  private FakeBroker broker;
  private Shell shell;

  @BeforeEach
  void start() {
    broker = new FakeBroker();
    shell = new Shell(home).with("DAYPASS_URL", broker.url()).with("DAYPASS_TOKEN", "a.b.c");
  }

  @AfterEach
  void stop() {
    broker.close();
  }

  private static String canonical(int number, String kind) {
    return "{\"v\": 1, \"at\": \"2026-03-02T12:00:00.120000Z\", \"kind\": \"%s\", \"number\": %d}"
        .formatted(kind, number);
  }

  private static String entry(int number, String kind, String canonical) {
    return "{\"number\":%d,\"at\":\"2026-03-02T12:00:00.12Z\",\"kind\":\"%s\",\"canonical\":\"%s\",\"sha256\":\"%s\"}\n"
        .formatted(
            number, kind, canonical.replace("\"", "\\\""), new Secret(canonical).fingerprint());
  }

  private Path file(String... lines) throws IOException {
    return Files.writeString(home.resolve("ledger.jsonl"), String.join("", lines));
  }

  @Test
  void e4_an_export_is_all_pages_and_nothing_else() {
    broker
        .on("GET /v1/ledger/export?format=jsonl", 200, FIRST, Map.of("Daypass-Cursor", "next"))
        .on("GET /v1/ledger/export?cursor=next&format=jsonl", 200, SECOND)
        .on("GET /v1/ledger/export?format=jsonl&cursor=next", 200, SECOND);
    assertThat(shell.run("audit", "export").out()).isEqualTo(FIRST + SECOND);
  }

  @Test
  void whereTheBrokerAsksForPatienceAPageIsWaitedFor() {
    var tooFast =
        "{\"code\":\"too_many_requests\",\"detail\":\"You come too often.\",\"next\":\"Wait.\"}";
    broker
        .on("GET /v1/ledger/export?format=jsonl", 429, tooFast, Map.of("Retry-After", "1"))
        .then("GET /v1/ledger/export?format=jsonl", 200, FIRST)
        .on("GET /v1/ledger", 429, tooFast, Map.of("Retry-After", "1"))
        .then("GET /v1/ledger", 200, "{\"entries\":[" + FIRST.strip() + "]}");
    assertThat(shell.run("audit", "export").out()).isEqualTo(FIRST);
    assertThat(shell.run("audit", "list").out()).contains("request_made");
    broker.on("GET /v1/ledger", 429, tooFast, Map.of("Retry-After", "3600"));
    assertThat(shell.run("audit", "list").err()).contains("wait 3600 seconds");
  }

  @Test
  void theHeadingOfACsvStandsThereOnce() {
    broker
        .on(
            "GET /v1/ledger/export?format=csv",
            200,
            "number\r\n\"1\"\r\n",
            Map.of("Daypass-Cursor", "n"))
        .on("GET /v1/ledger/export?cursor=n&format=csv", 200, "number\r\n\"2\"\r\n")
        .on("GET /v1/ledger/export?format=csv&cursor=n", 200, "number\r\n\"2\"\r\n");
    assertThat(shell.run("audit", "export", "--format", "csv").out())
        .isEqualTo("number\r\n\"1\"\r\n\"2\"\r\n");
  }

  @Test
  void e4_an_export_that_is_cut_off_is_an_error_and_leaves_no_file() {
    var file = home.resolve("ledger.jsonl");
    broker
        .on("GET /v1/ledger/export?format=jsonl", 200, FIRST, Map.of("Daypass-Cursor", "next"))
        .on("GET /v1/ledger/export?cursor=next&format=jsonl", 200, SECOND.strip())
        .on("GET /v1/ledger/export?format=jsonl&cursor=next", 200, SECOND.strip());
    var ran = shell.run("audit", "export", "--output", file.toString());
    assertThat(ran.exit()).isEqualTo(1);
    assertThat(ran.err()).contains("error: a page of the ledger came cut off");
    assertThat(home).isEmptyDirectory();
  }

  @Test
  void aFileIsVerifiedWholeAndNotInParts() throws IOException {
    var ran = shell.run("audit", "verify", "--file", file(FIRST).toString(), "--role", "prod");
    assertThat(ran.exit()).isEqualTo(2);
    assertThat(ran.err()).contains("error: a file is looked at whole, not in parts");
  }

  @Test
  void anExportInAFileIsItsOwnersAlone() throws IOException {
    var file = home.resolve("ledger.jsonl");
    broker.on("GET /v1/ledger/export?format=jsonl", 200, FIRST);
    assertThat(shell.run("audit", "export", "--output", file.toString()).exit()).isZero();
    assertThat(file).hasContent(FIRST.strip());
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
  }

  @Test
  void aLinkStaysALinkAndTheFileBehindItIsReplacedWholeOrNotAtAll() throws IOException {
    var behind = Files.writeString(home.resolve("behind"), "old");
    var link = Files.createSymbolicLink(home.resolve("ledger.jsonl"), behind);
    broker.on("GET /v1/ledger/export?format=jsonl", 200, FIRST.strip());
    assertThat(shell.run("audit", "export", "--output", link.toString()).exit()).isEqualTo(1);
    assertThat(behind).hasContent("old");
    broker.on("GET /v1/ledger/export?format=jsonl", 200, FIRST);
    assertThat(shell.run("audit", "export", "--output", link.toString()).exit()).isZero();
    assertThat(link).isSymbolicLink();
    assertThat(behind).hasContent(FIRST.strip());
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(behind)))
        .isEqualTo("rw-------");
    assertThat(home.toFile().list()).containsExactlyInAnyOrder("behind", "ledger.jsonl");
  }

  @Test
  void aLinkThatLeadsNowhereIsAnError() throws IOException {
    var link = Files.createSymbolicLink(home.resolve("ledger.jsonl"), home.resolve("gone"));
    broker.on("GET /v1/ledger/export?format=jsonl", 200, FIRST);
    var ran = shell.run("audit", "export", "--output", link.toString());
    assertThat(ran.exit()).isEqualTo(1);
    assertThat(ran.err()).contains("is a link that leads nowhere");
    assertThat(link).isSymbolicLink();
  }

  @Test
  void aPipeStaysAPipeAndItsReaderHasTheExportAlsoBehindALink() throws Exception {
    var pipe = home.resolve("pipe");
    assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();
    var link = Files.createSymbolicLink(home.resolve("link"), pipe);
    broker.on("GET /v1/ledger/export?format=jsonl", 200, FIRST);
    for (var named : List.of(pipe, link)) {
      var reader = new ProcessBuilder("timeout", "60", "cat", pipe.toString()).start();
      var ran = shell.run("audit", "export", "--output", named.toString());
      var read = new String(reader.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(ran.exit()).as(ran.err()).isZero();
      assertThat(read).isEqualTo(FIRST);
    }
    assertThat(Files.readAttributes(pipe, BasicFileAttributes.class).isOther()).isTrue();
    assertThat(link).isSymbolicLink();
    assertThat(home.toFile().list()).containsExactlyInAnyOrder("pipe", "link");
  }

  @Test
  void standardOutputMayBeNamed() {
    broker.on("GET /v1/ledger/export?format=jsonl", 200, FIRST);
    assertThat(shell.run("audit", "export", "--output", "/dev/stdout").out()).isEqualTo(FIRST);
  }

  @Test
  void whatIsNoExportIsSaidToBeNoneAndNobodyIsSuspected() throws IOException {
    var csv = "number,at,kind\r\n\"1\",\"2026-03-02T12:00:00Z\",\"sealed\"\r\n";
    var ran = shell.run("audit", "verify", "--file", file(csv).toString());
    assertThat(ran.exit()).isEqualTo(1);
    assertThat(ran.out()).isEmpty();
    assertThat(ran.err())
        .contains("is no export in JSON lines", "daypass audit export --output ledger.jsonl")
        .doesNotContain("database");
    var first = shell.run("audit", "verify", "--file", file("not json\n", SECOND).toString());
    assertThat(first.exit()).isEqualTo(1);
    assertThat(first.out()).contains("after entry 0: a line that is no entry");
    assertThat(first.err()).contains("not all is as it was written");
  }

  @Test
  void whatCannotBeReadToItsEndIsAPlainError() throws IOException {
    var folder = shell.run("audit", "verify", "--file", home.toString());
    assertThat(folder.exit()).isEqualTo(1);
    assertThat(folder.err()).contains("error: the file cannot be read");
    var file = file(FIRST);
    Files.write(file, new byte[] {(byte) 0xff, '\n'}, StandardOpenOption.APPEND);
    var bytes = shell.run("audit", "verify", "--file", file.toString());
    assertThat(bytes.exit()).isEqualTo(1);
    assertThat(bytes.err()).contains("is no text in UTF-8");
  }

  @Test
  void entriesThatAreAsTheyWereWrittenAreOkAndWhatThatDoesNotShowIsSaid() throws IOException {
    var ran = shell.run("audit", "verify", "--file", file(FIRST, SECOND).toString());
    assertThat(ran.exit()).isZero();
    assertThat(ran.out())
        .startsWith("ok: 2 entries")
        .contains("not shown by this: that no entry is missing");
  }

  @Test
  void e5_an_entry_that_was_changed_is_found() throws IOException {
    var otherBytes = SECOND.replace("12:00:00.120000Z", "12:00:00.130000Z");
    var otherKind = SECOND.replace(",\"kind\":\"sealed\"", ",\"kind\":\"failed\"");
    for (var changed : new String[] {otherBytes, otherKind, "not json\n", FIRST}) {
      var ran = shell.run("audit", "verify", "--file", file(FIRST, changed).toString());
      assertThat(ran.exit()).as(changed).isEqualTo(1);
      assertThat(ran.out()).containsAnyOf("entry 2: ", "after entry 1: ", "entry 1: its number");
    }
    var json = shell.run("audit", "verify", "--json", "--file", file(FIRST, otherKind).toString());
    assertThat(json.out())
        .isEqualTo(
            "{\"ok\":false,\"entries\":2,\"findings\":[\"entry 2: its bytes say something else than"
                + " it does\"]}\n");
  }
}

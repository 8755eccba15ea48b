package io.daypass.cli;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A shell, and a broker with requests that no real one would answer with in a test. */
abstract class RequestsFixture {

  static final String FIRST = "mggg7g1xgtgf1xhq";
  static final String SECOND = "mggh000000000000";

  @TempDir Path home;
  FakeBroker broker;
  Shell shell;

  @BeforeEach
  void start() {
    broker = new FakeBroker();
    shell = new Shell(home).with("DAYPASS_URL", broker.url()).with("DAYPASS_TOKEN", "a.b.c");
  }

  @AfterEach
  void stop() {
    broker.close();
  }

  static String request(String id, String state, String reason) {
    return """
    {"id":"%s","url":"https://daypass.example.com/r/%s","state":"%s","role":"prod-readonly",\
    "requester":{"issuer":"staff","subject":"alice","kind":"human","shown_as":"alice@acme.example"},\
    "duration":"1h","reason":"%s","rule":"engineers, with a lead",\
    "approval":[{"from":"\\"leads\\" in groups","count":1}],"approvals":[],\
    "made_at":"2026-03-02T11:59:00Z","lapses_at":"2026-03-03T11:59:00Z"%s}\
    """
        .formatted(
            id,
            id,
            state,
            reason,
            state.equals("approved")
                ? ",\"grant_starts_at\":\"2026-03-02T12:00:00Z\",\"grant_ends_at\":\"2026-03-02T13:00:00Z\""
                : "");
  }

  static String page(String... requests) {
    return "{\"requests\":[" + String.join(",", requests) + "]}";
  }
}

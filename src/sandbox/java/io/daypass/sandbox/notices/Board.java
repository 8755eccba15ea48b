package io.daypass.sandbox.notices;

import io.daypass.sandbox.http.Ask;
import io.daypass.sandbox.http.Doors;
import io.daypass.sandbox.http.Endpoint;
import io.daypass.sandbox.http.Faults;
import io.daypass.sandbox.http.Reply;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/**
 * Takes notices, as a Slack channel's incoming webhook and as a program that verifies Standard
 * Webhooks, and shows what came; the oldest give way.
 */
public final class Board {

  private static final String WEBHOOK = "/notices/webhook";
  private static final String SLACK = "/notices/slack/";
  private static final int KEPT = 1_000;

  private final InstantSource clock;
  private final String url;
  private final String slackToken;
  private final SignedWebhook signed;
  private final Faults webhookFaults = new Faults();
  private final Faults slackFaults = new Faults();
  private final ArrayDeque<Came> came = new ArrayDeque<>();

  /** What came, as it came. */
  public record Came(Instant at, String by, JsonObject body) {
    JsonObject json() {
      return new JsonObject().put("at", at.toString()).put("by", by).put("notice", body);
    }
  }

  public Board(String url, InstantSource clock, SecureRandom random) {
    this.url = url;
    this.clock = clock;
    var key = new byte[32];
    random.nextBytes(key);
    this.signed = new SignedWebhook(key, clock);
    var token = new byte[16];
    random.nextBytes(token);
    this.slackToken = HexFormat.of().formatHex(token);
  }

  /** Where to send what is signed. */
  public String webhookUrl() {
    return url + WEBHOOK;
  }

  /** What to sign with, as it stands in settings. */
  public String webhookSecret() {
    return "whsec_" + Base64.getEncoder().encodeToString(signed.key());
  }

  /** An incoming webhook's URL, a secret. */
  public String slackUrl() {
    return url + SLACK + slackToken;
  }

  public Faults webhookFaults() {
    return webhookFaults;
  }

  public Faults slackFaults() {
    return slackFaults;
  }

  public void open(Doors doors) {
    doors.open(
        "POST",
        WEBHOOK,
        Endpoint.now(this::webhook),
        webhookFaults,
        (_, fault) -> Reply.text(fault.status(), fault.code()));
    doors.openBelow(
        "POST",
        SLACK,
        Endpoint.now(this::slack),
        slackFaults,
        (_, fault) -> Reply.text(fault.status(), fault.code()));
    doors.open("GET", "/notices", Endpoint.now(_ -> reply()));
  }

  /** What came and was good, in order. */
  public List<Came> list() {
    synchronized (came) {
      return new ArrayList<>(came);
    }
  }

  /** The same of one way: {@code webhook} or {@code slack}. */
  public List<JsonObject> list(String by) {
    return list().stream().filter(one -> one.by().equals(by)).map(Came::body).toList();
  }

  private Reply webhook(Ask ask) {
    var wrong = signed.wrong(ask);
    if (wrong.isPresent()) {
      return Reply.text(wrong.get().equals("malformed") ? 400 : 401, wrong.get() + "\n");
    }
    keep("webhook", new JsonObject(ask.body()));
    return Reply.text(200, "taken\n");
  }

  private Reply slack(Ask ask) {
    if (!ask.path().equals(SLACK + slackToken)) {
      return Reply.text(403, "invalid_token");
    }
    try {
      var body = new JsonObject(ask.body());
      if (!ask.header("Content-Type").orElse("").startsWith("application/json")) {
        return Reply.text(400, "invalid_payload");
      }
      var wrong = SlackRules.wrong(body);
      if (wrong.isPresent()) {
        return Reply.text(400, wrong.get());
      }
      keep("slack", body);
      return Reply.text(200, "ok");
    } catch (DecodeException | ClassCastException _) {
      return Reply.text(400, "invalid_payload");
    }
  }

  private void keep(String by, JsonObject body) {
    synchronized (came) {
      if (came.size() == KEPT) {
        came.removeFirst();
      }
      came.addLast(new Came(clock.instant(), by, body));
    }
  }

  private Reply reply() {
    var lines = new StringBuilder();
    for (var one : list()) {
      lines.append(one.json().encode()).append('\n');
    }
    return new Reply(
        200, "application/jsonl", lines.toString(), Map.of("Cache-Control", "no-store"));
  }
}

package io.daypass.sandbox.demo;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** The last part of the walk: what the ledger says of it all. */
record LedgerWalk(String broker, Instant since, Script script, String erin, String alice) {

  void run(String request) throws Broken, IOException, InterruptedException {
    script.step("Erin, an auditor, reads the ledger");
    var entries = read();
    for (var entry : entries) {
      if (!digest(entry.getString("canonical")).equals(entry.getString("sha256"))) {
        throw script.broken("entry " + entry.getLong("number") + " is not what its SHA-256 says");
      }
    }
    var ours = entries.stream().filter(e -> request.equals(e.getString("request"))).toList();
    for (var entry : ours) {
      script.shows(
          String.valueOf(entry.getLong("number")),
          entry.getString("at")
              + "  "
              + entry.getString("kind")
              + "  "
              + entry.getString("subject", "")
              + "  sha256 "
              + entry.getString("sha256").substring(0, 16));
    }
    script.must(true, "the SHA-256 of all " + entries.size() + " entries was recomputed");
    script.must(
        isWholeStory(kinds(ours)),
        "Alice's request is told from its beginning to its end, her own yes included");
    script.step("Alice may not read everybody's ledger");
    script.refused(Asked.get(broker + "/v1/ledger", alice), 403, "not_allowed");
  }

  private static boolean isWholeStory(List<String> kinds) {
    var untilTheRevocation =
        List.of(
            "request_made",
            "decided_by_rule",
            "refused",
            "approved",
            "intent",
            "sealed",
            "intent",
            "sealed",
            "console_link",
            "revoked");
    var until = untilTheRevocation.size();
    if (kinds.size() < until || !kinds.subList(0, until).equals(untilTheRevocation)) {
      return false;
    }
    // Alice tries once more, while AWS is told: either may come first.
    var after = kinds.subList(until, kinds.size()).stream().sorted().toList();
    return after.equals(List.of("cut_applied", "refused"));
  }

  private List<JsonObject> read() throws Broken, IOException, InterruptedException {
    var entries = new ArrayList<JsonObject>();
    var url = broker + "/v1/ledger?since=" + since;
    for (var page = url; !page.isEmpty(); ) {
      var asked = Asked.get(page, erin);
      script.answered(asked, 200);
      asked.list("entries").forEach(entry -> entries.add((JsonObject) entry));
      var cursor = asked.text("cursor");
      page = cursor.isEmpty() ? "" : url + "&cursor=" + cursor;
    }
    return entries;
  }

  private static List<String> kinds(List<JsonObject> entries) {
    return entries.stream().map(entry -> entry.getString("kind")).toList();
  }

  private static String digest(String text) {
    try {
      var sha256 = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(sha256.digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (GeneralSecurityException e) {
      throw new AssertionError("every JDK has SHA-256", e);
    }
  }
}

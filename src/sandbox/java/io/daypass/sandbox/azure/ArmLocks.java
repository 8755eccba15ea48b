package io.daypass.sandbox.azure;

import io.daypass.sandbox.http.Ask;
import io.daypass.sandbox.http.Calls;
import io.daypass.sandbox.http.Fault;
import io.daypass.sandbox.http.Reply;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The list of locks of Resource Manager (REST reference, "Management Locks - List By Scope",
 * 2016-09-01).
 */
record ArmLocks(ArmCallers callers, Locks locks, Calls calls) {

  /** How all of its paths end. */
  static final String ENDING = "/providers/Microsoft.Authorization/locks";

  private static final String VERSION = "2016-09-01";
  private static final Pattern PATH =
      Pattern.compile(
          "(/subscriptions/[0-9a-f-]{36}(?:/[^/]+)*)" + ENDING.toLowerCase(Locale.ROOT));

  Reply answer(Ask ask) {
    var facts = new LinkedHashMap<String, Object>();
    var path = ask.path().substring(ArmStandIn.FOLDER.length() - 1);
    facts.put("path", path);
    try {
      var caller = callers.caller(ask, facts);
      var place = PATH.matcher(path.toLowerCase(Locale.ROOT));
      if (!place.matches() || !ask.query().get("api-version", "").equals(VERSION)) {
        throw Refused.arm(400, "InvalidResourceType", "No locks of that version here.");
      }
      callers.allow(caller, "locks/read", Optional.empty(), place.group(1));
      var seen = locks.seenFrom(place.group(1), below(ask.query().get("$filter", "")));
      calls.add("azure.arm", "get locks", 200, "ok", facts);
      return Reply.json(
          new JsonObject()
              .put("value", new JsonArray(seen.stream().map(Locks.Lock::json).toList())));
    } catch (Refused no) {
      facts.put("message", no.words());
      calls.add("azure.arm", "get locks", no.status(), no.name(), facts);
      return no.asArm();
    }
  }

  private static boolean below(String filter) {
    return switch (filter) {
      case "" -> true;
      case "atScope()" -> false;
      default -> throw Refused.arm(400, "InvalidFilterInQueryString", "The filter is not valid.");
    };
  }

  /** The answer to a call that {@code fault} keeps from being served. */
  Reply fail(Ask ask, Fault.Refuse fault) {
    var path = ask.path().substring(ArmStandIn.FOLDER.length() - 1);
    calls.add("azure.arm", "get locks", fault.status(), fault.code(), Map.of("path", path));
    return Refused.arm(fault.status(), fault.code(), "The service is busy or down.").asArm();
  }
}

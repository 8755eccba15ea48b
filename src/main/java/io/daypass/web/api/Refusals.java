package io.daypass.web.api;

import io.daypass.identity.Caller;
import io.daypass.ledger.Entry;
import io.daypass.ledger.EntryKind;
import io.daypass.ledger.Ledger;
import io.daypass.policy.Policies;
import io.daypass.request.RequestId;
import io.daypass.web.Call;
import io.daypass.web.Code;
import io.daypass.web.Limits;
import io.daypass.web.Problem;
import java.util.LinkedHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Writes down what a known caller was refused: denials are recorded like grants. What is refused on
 * the way to a credential is written by the issuance itself.
 */
public record Refusals(Ledger ledger, Supplier<Policies> policies) {

  /** Writes that {@code caller} was refused with {@code code} what {@code call} asked. */
  public void write(
      Call call, Caller caller, @Nullable RequestId request, @Nullable String role, String code) {
    var detail = new LinkedHashMap<String, Object>();
    detail.put("code", code);
    detail.put("asked", call.method() + " " + call.route());
    detail.put("policies", policies.get().digest());
    detail.put("source_ip", call.peer());
    ledger.append(new Entry(EntryKind.REFUSED, request, null, role, caller.id(), detail));
  }

  /**
   * {@code problem} for {@code caller}, who may not read what {@code call} asks, and written down;
   * or that they come too often: reading has no limit of its own, and each refusal is a row.
   */
  Problem ofReading(
      Limits limits, Call call, Caller caller, @Nullable String role, Problem problem) {
    var tooOften = limits.decision(caller.id());
    if (tooOften.isPresent()) {
      return Translation.tooMany(tooOften.get());
    }
    write(call, caller, null, role, Code.NOT_ALLOWED.text());
    return problem;
  }
}

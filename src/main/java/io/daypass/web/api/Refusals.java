package io.daypass.web.api;

import io.daypass.identity.Caller;
import io.daypass.ledger.Entry;
import io.daypass.ledger.EntryKind;
import io.daypass.ledger.Ledger;
import io.daypass.ledger.Strangers;
import io.daypass.policy.Denial;
import io.daypass.policy.Policies;
import io.daypass.request.RequestId;
import io.daypass.web.Call;
import io.daypass.web.Limits;
import io.daypass.web.Problem;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Writes down what a known caller was refused: denials are recorded like grants. What is refused on
 * the way to a credential is written by the issuance itself.
 */
public record Refusals(Ledger ledger, Supplier<Policies> policies, Strangers strangers) {

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

  /** The policies' no to what {@code call} asks, written down unless it is one too many. */
  Problem ofPolicies(
      Call call, Caller caller, @Nullable RequestId request, @Nullable String role, Denial denial) {
    // Whoever asks for more of a request of their own was known to a rule.
    var tooMany =
        request == null ? strangers.oneTooMany(caller, role, denial) : Optional.<Duration>empty();
    if (tooMany.isPresent()) {
      return Translation.tooManyStrangers(tooMany.get());
    }
    write(call, caller, request, role, denial.code().code());
    return Translation.of(denial);
  }

  /**
   * {@code problem} for {@code caller}, who does not hold the office that {@code call} takes, and
   * written down unless it is one too many: no machine ever holds one.
   */
  Problem ofOffice(Call call, Caller caller, @Nullable String role, Problem problem) {
    var tooMany =
        caller.isHuman() ? Optional.<Duration>empty() : strangers.oneTooMany(caller.id(), role);
    if (tooMany.isPresent()) {
      return Translation.tooManyStrangers(tooMany.get());
    }
    write(call, caller, null, role, problem.code().text());
    return problem;
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
    return ofOffice(call, caller, role, problem);
  }
}

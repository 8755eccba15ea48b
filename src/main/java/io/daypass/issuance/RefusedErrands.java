package io.daypass.issuance;

import io.daypass.identity.Caller;
import io.daypass.ledger.Entry;
import io.daypass.ledger.EntryKind;
import io.daypass.ledger.IssueRefusal;
import io.daypass.ledger.Ledger;
import io.daypass.ledger.Strangers;
import io.daypass.policy.Circumstances;
import io.daypass.policy.Denial;
import io.daypass.policy.Policies;
import io.daypass.request.AccessRequest;
import io.daypass.request.RequestId;
import java.util.LinkedHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Writes down what is refused on the way to a credential: under the caller's own request, if there
 * is one, so that all that is written about a request is found by its id.
 */
public record RefusedErrands(Ledger ledger, Supplier<Policies> policies, Strangers strangers) {

  /** The policies' no to somebody without a request. */
  Answer denied(Caller caller, String role, Denial denial, Circumstances circumstances) {
    var wait = strangers.oneTooMany(caller, role, denial);
    if (wait.isPresent()) {
      return new Answer.TooManyStrangers(wait.get());
    }
    write(caller, role, null, denial.code().code(), circumstances);
    return new Answer.Denied(denial);
  }

  /** The policies' no to what was approved by the policies before them. */
  Answer denied(Caller caller, AccessRequest own, Denial denial, Circumstances circumstances) {
    write(caller, own.role(), own.id(), denial.code().code(), circumstances);
    return new Answer.Denied(denial);
  }

  /** What somebody without a request is told, or whose token leads to another's. */
  Answer refused(Caller caller, String role, IssueRefusal why, Circumstances circumstances) {
    write(caller, role, null, why.code(), circumstances);
    return new Answer.Refused(why);
  }

  /** What a caller is told of their own request. */
  Answer refused(Caller caller, AccessRequest own, IssueRefusal why, Circumstances circumstances) {
    write(caller, own.role(), own.id(), why.code(), circumstances);
    return new Answer.Refused(why);
  }

  private void write(
      Caller caller,
      String role,
      @Nullable RequestId request,
      String code,
      Circumstances circumstances) {
    var detail = new LinkedHashMap<String, Object>();
    detail.put("code", code);
    detail.put("policies", policies.get().digest());
    detail.put("source_ip", circumstances.sourceIp());
    ledger.append(new Entry(EntryKind.REFUSED, request, null, role, caller.id(), detail));
  }
}

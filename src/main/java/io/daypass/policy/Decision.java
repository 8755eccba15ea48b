package io.daypass.policy;

import java.util.List;

/** What the policies answered. A refusal is an answer, not an exception. */
public sealed interface Decision {

  /** Yes, at once. */
  record Granted(Allowance allowance) implements Decision {}

  /** Yes, once every line is met. */
  record NeedsApproval(Allowance allowance, List<ApprovalLine> lines) implements Decision {
    public NeedsApproval {
      lines = List.copyOf(lines);
    }
  }

  /** No. */
  record Denied(Denial denial) implements Decision {}
}

package io.daypass.web.pages;

import io.daypass.identity.Caller;
import io.daypass.web.Call;

/**
 * Who is looking: somebody who signed in with this browser.
 *
 * @param formToken goes into every form as the field {@link FormToken#FIELD}; good for this session
 *     only
 * @param readsLedger whether they are an auditor
 */
public record Visit(Call call, Caller caller, String formToken, boolean readsLedger) {

  @Override
  public String toString() {
    return "Visit[" + call + "]";
  }
}

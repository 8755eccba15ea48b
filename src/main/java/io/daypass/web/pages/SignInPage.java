package io.daypass.web.pages;

import io.daypass.web.Problem;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The page of the sign-in. Each issuer is a form that POSTs {@code to}, {@code fresh} (only if it
 * is) and {@link FormToken#FIELD} to {@code /sign-in/{issuer}}.
 *
 * @param issuers the configured names of those to sign in with; empty if none is configured for
 *     browsers ({@code issuers.#.web}), which the page then says
 * @param to a path of ours to go to afterwards
 * @param fresh whether somebody who is signed in must do so again
 * @param problem why the last attempt failed
 */
public record SignInPage(
    List<String> issuers, String to, boolean fresh, @Nullable Problem problem, String formToken) {

  public SignInPage {
    issuers = List.copyOf(issuers);
  }

  /** Never printed: its token is one. */
  @Override
  public String toString() {
    return "SignInPage" + issuers;
  }
}

package io.daypass.web.pages;

import io.daypass.web.Answer;
import io.daypass.web.Problem;
import org.jspecify.annotations.Nullable;

/** How the pages look that stand before every visit. All texts are data, never markup. */
public interface Look {

  /** Where people choose with whom to sign in. */
  Answer signIn(SignInPage page);

  /**
   * A small page that goes on to {@code address} by itself at once, with a link for browsers that
   * do not. A page of ours in between makes what follows same-site: SameSite=Strict cookies come
   * along, and a form's answer may lead to another site (CSP form-action holds for redirects).
   *
   * @param address a path of ours, or an address that we chose; never a caller's
   */
  Answer onward(String address);

  /**
   * What went wrong, with its status, code and next step.
   *
   * @param back a path of ours to go on with; null for the main page
   */
  Answer problem(Problem problem, @Nullable String back);
}

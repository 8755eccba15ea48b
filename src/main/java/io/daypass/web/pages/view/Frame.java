package io.daypass.web.pages.view;

import org.jspecify.annotations.Nullable;

/**
 * What every page has around it.
 *
 * @param title names the page in the browser's tab
 * @param viewer who is signed in; null for nobody
 * @param again where the page is to be looked up anew by itself; null for pages that stand still
 */
public record Frame(String title, Assets assets, @Nullable Viewer viewer, @Nullable Again again) {

  /** Where the stylesheet and the icon are. */
  public record Assets(String stylesheet, String icon) {}

  /**
   * Somebody who is signed in.
   *
   * @param formToken goes into every form
   * @param readsLedger whether they are an auditor
   */
  public record Viewer(String shownAs, String formToken, boolean readsLedger) {}

  /** After how many seconds a browser looks at {@code path} again. */
  public record Again(int seconds, String path) {}
}

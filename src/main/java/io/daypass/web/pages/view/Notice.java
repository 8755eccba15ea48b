package io.daypass.web.pages.view;

import org.jspecify.annotations.Nullable;

/**
 * What could not be done, and what to do next.
 *
 * @param incident names the occurrence in the log; null where nothing is broken
 */
public record Notice(
    String code, String title, String detail, String next, @Nullable String incident) {}

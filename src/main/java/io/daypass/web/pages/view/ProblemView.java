package io.daypass.web.pages.view;

/** What went wrong, as a page of its own. */
public record ProblemView(Frame frame, Notice notice, int status, String back) {}

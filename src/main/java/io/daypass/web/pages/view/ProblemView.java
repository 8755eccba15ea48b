package io.daypass.web.pages.view;

/**
 * What went wrong, as a page of its own.
 *
 * @param back a path of ours to go on with
 * @param onward what the button says that leads there
 */
public record ProblemView(Frame frame, Notice notice, int status, String back, String onward) {}

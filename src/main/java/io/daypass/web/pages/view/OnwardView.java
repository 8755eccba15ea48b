package io.daypass.web.pages.view;

/** A page that goes on by itself. */
public record OnwardView(Frame frame, String address) {}

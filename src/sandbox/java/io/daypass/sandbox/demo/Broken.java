package io.daypass.sandbox.demo;

/** A step of the walk did not hold. */
public final class Broken extends Exception {

  private static final long serialVersionUID = 1L;

  Broken(String step, String why) {
    super(step + ": " + why);
  }
}

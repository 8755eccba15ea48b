package io.daypass.settings;

/** A secret of the settings: read where it is needed, printed nowhere. */
public final class Hidden {

  private final String value;

  public Hidden(String value) {
    this.value = value;
  }

  /** The value itself. Every call of this method is a place to review. */
  public String reveal() {
    return value;
  }

  @Override
  public String toString() {
    return "[secret]";
  }
}

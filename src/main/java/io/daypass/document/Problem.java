package io.daypass.document;

/**
 * Something wrong at a place of a file.
 *
 * @param code stable snake_case
 */
public record Problem(Place place, String code, String message) {

  @Override
  public String toString() {
    return place + ": " + code + ": " + message;
  }
}

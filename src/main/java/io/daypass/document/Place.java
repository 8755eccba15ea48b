package io.daypass.document;

/** Where something stands: a file and a position in it, both counted from one. */
public record Place(String file, int line, int column) {

  @Override
  public String toString() {
    return file + ":" + line + ":" + column;
  }
}

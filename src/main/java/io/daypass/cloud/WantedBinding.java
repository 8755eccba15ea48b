package io.daypass.cloud;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A binding that a grant needs before its credential is of use.
 *
 * @param cloud the word policies use for the cloud
 * @param slot what it is for: a grant has one binding in each slot, and another place in the same
 *     slot replaces it
 * @param anyOf where it may be; the first that is free
 */
public record WantedBinding(String cloud, String slot, List<Place> anyOf) {

  public WantedBinding {
    anyOf = List.copyOf(anyOf);
    if (anyOf.isEmpty()) {
      throw new IllegalArgumentException("a binding is somewhere");
    }
  }

  /** A binding that can be in one place only. */
  public static WantedBinding at(String cloud, String slot, Place place) {
    return new WantedBinding(cloud, slot, List.of(place));
  }

  /**
   * Where a binding is.
   *
   * @param holder the cloud identity that gets the access, where the cloud cannot tell its tokens
   *     apart: it serves one grant (and what extends it) at a time, and no other until the tokens
   *     handed out under that one are dead. Null where the cloud keeps grants apart by itself
   * @param coordinates what its adapter needs to make it and to remove it; no secrets
   */
  public record Place(@Nullable String holder, Map<String, String> coordinates) {
    public Place {
      coordinates = Map.copyOf(coordinates);
    }
  }
}

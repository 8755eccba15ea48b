package io.daypass.cloud;

import io.daypass.request.RequestId;
import java.util.Map;
import java.util.UUID;

/**
 * Access that was made in a cloud for a grant and must be gone at its end: a role assignment, a
 * line of an IAM policy.
 *
 * @param id chosen when it was written down, before the cloud was asked; may name it there
 * @param request whose grant it was made for first
 * @param place all that is needed to make it and to remove it, whatever the policies say by then
 */
public record Binding(
    UUID id, RequestId request, String role, String cloud, Map<String, String> place) {

  public Binding {
    place = Map.copyOf(place);
  }

  /** A part of the place. */
  public String at(String key) {
    var value = place.get(key);
    if (value == null) {
      throw new IllegalStateException("the place of a binding lacks " + key);
    }
    return value;
  }
}

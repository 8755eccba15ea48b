package io.daypass.notice;

import io.daypass.identity.Identity;
import io.daypass.policy.Role;
import io.daypass.request.AccessRequest;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/**
 * A notice with all that people need to understand it, as it stands when it is sent.
 *
 * @param about the request it is about; null if it is about none
 * @param role the role as the policies in force define it; null if they know it no more
 * @param by who stopped or resumed; null for all else, and for somebody who is not known any more
 * @param page where people look at it; opening it decides nothing
 */
public record Message(
    Notice notice, @Nullable About about, @Nullable Role role, @Nullable Identity by, URI page) {

  /**
   * A request.
   *
   * @param status by the database's clock when this message was made
   */
  public record About(AccessRequest request, AccessRequest.Status status) {}
}

package io.daypass.request;

import java.util.Optional;

/**
 * Where it is kept which poll token carries on which request. Only digests come here; the tokens
 * themselves are in their bearers' hands alone.
 */
public interface PollStore {

  /** As {@link RequestStore#open}, with a poll token for what it makes: both, or neither. */
  RequestStore.Opened open(NewRequest request, String sha256);

  /** One more poll token for a request that waits. False if it does not, or has many already. */
  boolean add(RequestId request, String sha256);

  /** The request that this poll token carries on, if it is for {@code role}. */
  Optional<AccessRequest> carriedOn(String sha256, String role);
}

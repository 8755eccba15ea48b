package io.daypass.request;

import io.daypass.identity.Continuations;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Poll tokens in memory, over any store of requests. */
public final class MemoryPolls implements PollStore, Continuations {

  private final RequestStore requests;
  private final Map<String, RequestId> tokens = new HashMap<>();

  public MemoryPolls(RequestStore requests) {
    this.requests = requests;
  }

  @Override
  public synchronized RequestStore.Opened open(NewRequest request, String sha256) {
    var opened = requests.open(request);
    if (opened instanceof RequestStore.Opened.Made(var made)) {
      tokens.put(sha256, made.id());
    }
    return opened;
  }

  @Override
  public synchronized boolean add(RequestId request, String sha256) {
    tokens.put(sha256, request);
    return true;
  }

  @Override
  public Optional<AccessRequest> carriedOn(String sha256, String role) {
    return request(sha256).filter(request -> request.role().equals(role));
  }

  private synchronized Optional<AccessRequest> request(String sha256) {
    return Optional.ofNullable(tokens.get(sha256)).flatMap(requests::find);
  }

  @Override
  public Optional<Continued> find(String sha256) {
    return request(sha256)
        .map(request ->
            new Continued(
                request.requester(),
                request.id().value(),
                request.role(),
                request.times().madeAt(),
                request.times().lapsesAt()));
  }
}

package io.daypass.notice;

import io.daypass.identity.CallerId;
import io.daypass.identity.Identity;
import io.daypass.notice.Message.About;
import io.daypass.policy.Policies;
import io.daypass.request.RequestId;
import io.daypass.request.RequestStore;
import io.daypass.request.Standing;
import java.net.URI;
import java.time.InstantSource;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Makes messages of notices: looks up what they are about. */
public final class Composer {

  private final RequestStore requests;
  private final Supplier<Policies> policies;
  private final URI publicUrl;
  private final InstantSource clock;

  /**
   * @param publicUrl where people reach the broker's pages; no slash at the end
   * @param clock the database's
   */
  public Composer(
      RequestStore requests, Supplier<Policies> policies, URI publicUrl, InstantSource clock) {
    this.requests = requests;
    this.policies = policies;
    this.publicUrl = publicUrl;
    this.clock = clock;
  }

  /** What to tell of {@code notice} now. */
  public Message of(Notice notice) {
    var about = about(notice.request());
    var role = notice.role();
    return new Message(
        notice,
        about,
        role == null ? null : policies.get().role(role).orElse(null),
        person(notice.by()),
        URI.create(publicUrl + (about == null ? "/" : "/requests/" + about.request().id())));
  }

  private @Nullable About about(@Nullable RequestId id) {
    return id == null
        ? null
        : requests
            .find(id)
            .map(request -> new About(request, request.statusAt(clock.instant())))
            .orElse(null);
  }

  private @Nullable Identity person(@Nullable CallerId id) {
    return id == null ? null : requests.standing(id).map(Standing::identity).orElse(null);
  }
}

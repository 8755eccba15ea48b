package io.daypass.cli;

import io.daypass.cli.child.AwsOutfit;
import io.daypass.cli.client.Broker;
import io.daypass.cli.client.Failure;
import io.daypass.cli.client.Hints;
import io.daypass.cli.client.Http.Reply;
import io.daypass.cli.client.Local;
import io.daypass.cli.client.Members;
import io.daypass.cli.loopback.CredentialsEndpoint.Answer;
import io.daypass.cli.screen.Plain;
import io.daypass.cloud.Secret;
import io.daypass.web.api.Wire;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A role's AWS keys for a command that runs long: the same until they are old, then new ones, and
 * what is left of the old ones while there are none. One call at a time goes to the broker, however
 * many ask. They are kept in memory and nowhere else.
 */
final class RoleKeys {

  /** SDKs ask several times where they get a no; each would be asked for and written down. */
  private static final Duration ONCE_IN = Duration.ofSeconds(10);

  private final InstantSource clock;
  private final Api api;
  private final String role;
  private final ReentrantLock one = new ReentrantLock();
  private @Nullable Lease lease;
  private @Nullable No no;

  private record No(Failure failure, Instant at) {}

  RoleKeys(Local local, Api api, String role) {
    this.clock = local.clock();
    this.api = api;
    this.role = role;
  }

  /** Keys that are good now; that there are none ends the command. */
  Lease take() {
    one.lock();
    try {
      var now = clock.instant();
      var before = lease;
      if (before != null && !before.isOld(now)) {
        return before;
      }
      var said = no;
      return said != null && now.isBefore(said.at().plus(ONCE_IN))
          ? left(said.failure())
          : renewed();
    } finally {
      one.unlock();
    }
  }

  private Lease renewed() {
    try {
      var taken = asked();
      lease = taken;
      no = null;
      return taken;
    } catch (Failure failure) {
      no = new No(failure, clock.instant());
      return left(failure);
    }
  }

  /** What is left of the keys; where there is nothing, the command ends with {@code failure}. */
  private Lease left(Failure failure) {
    var left = lease;
    if (left != null && left.isGood(clock.instant())) {
      return left;
    }
    throw failure;
  }

  /** The same for the endpoint: a failure is an answer there. */
  Answer answer() {
    try {
      var taken = take();
      var keys = taken.keys();
      return new Answer.Keys(
          keys.accessKeyId(),
          keys.secretAccessKey(),
          keys.sessionToken(),
          taken.expires().toString(),
          keys.accountId());
    } catch (Failure failure) {
      return new Answer.None(
          failure.mayPass() ? "unavailable" : "refused",
          Plain.line(failure.error() + " (" + failure.hint() + ")"),
          failure.mayPass());
    }
  }

  private Lease asked() {
    var path = "/v1/roles/" + role + "/credentials";
    return switch (api.broker().send("POST", path, null)) {
      case Broker.Answer.Refused(var refusal, var bearer) -> {
        if (refusal.status() == 403) {
          // Whatever is left of the access has been taken away.
          lease = null;
        }
        var failure = Hints.failure(refusal, bearer, Optional.of(role));
        throw refusal.status() == 503 || refusal.status() == 429
            ? Failure.passing(failure.error(), failure.hint())
            : failure;
      }
      case Broker.Answer.Given(var reply) -> lease(reply);
    };
  }

  private Lease lease(Reply reply) {
    var answer = Members.read(reply.body());
    if (reply.status() == 202) {
      var id = answer.flatMap(members -> members.text("request_id")).map(Plain::line).orElse("ID");
      throw Failure.waiting(role + " is not approved yet", "daypass wait " + id);
    }
    var taken = clock.instant();
    var request = reply.header("daypass-request").map(Plain::line).orElse("");
    return answer
        .flatMap(members -> lease(members, request, taken))
        .filter(lease -> lease.isGood(taken))
        .orElseThrow(() ->
            Failure.of(
                "what came for " + role + " are no keys of AWS that are good now",
                "daypass roles"));
  }

  private Optional<Lease> lease(Members members, String request, Instant taken) {
    var id = members.text("AccessKeyId");
    var secret = members.text("SecretAccessKey").map(Secret::new);
    var token = members.text("SessionToken").map(Secret::new);
    var expires = members.text("Expiration").map(Instant::parse);
    var account = members.text("AccountId").orElse("");
    if (id.isEmpty() || secret.isEmpty() || token.isEmpty() || expires.isEmpty()) {
      return Optional.empty();
    }
    var keys = new AwsOutfit.Keys(id.get(), secret.get(), token.get(), account);
    return Optional.of(
        new Lease(keys, request, taken, expires.get(), ends(request).orElse(expires.get())));
  }

  /** The end of the grant; empty if the broker does not say. */
  private Optional<Instant> ends(String request) {
    if (request.isEmpty()) {
      return Optional.empty();
    }
    try {
      return switch (api.get("/v1/requests/" + request, Wire.Request.class)) {
        case io.daypass.cli.Answer.Refused<Wire.Request> _ -> Optional.empty();
        case io.daypass.cli.Answer.Given<Wire.Request> given ->
            Optional.ofNullable(given.value().grantEndsAt()).map(Instant::parse);
      };
    } catch (Failure _) {
      return Optional.empty();
    }
  }
}

package io.daypass.cloud.aws;

import io.daypass.cloud.Credential.AwsSession;
import io.daypass.cloud.MintException.Reason;
import io.daypass.cloud.Secret;
import io.daypass.cloud.wire.Deadline;
import io.daypass.cloud.wire.Failure;
import io.daypass.cloud.wire.RetryAfter;
import io.daypass.cloud.wire.Wire;
import io.daypass.cloud.wire.WireException;
import io.daypass.policy.Target;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * Sign-in links by the federation endpoint (IAM user guide, "Enabling custom identity broker access
 * to the AWS console"). SessionDuration is left out: the console then lives as long as the session,
 * whose policy carries the grant's end.
 */
final class ConsoleLinks {

  // The whole answer: anything more than the token is not an answer we know.
  private static final Pattern ANSWER =
      Pattern.compile(
          "\\s*\\{\\s*\"SigninToken\"\\s*:\\s*\"([A-Za-z0-9_.~+/=-]{1,16384})\"\\s*}\\s*");

  private final AwsConfig config;
  private final Wire wire;
  private final Function<String, Optional<String>> paths;

  ConsoleLinks(AwsConfig config, Wire wire, Function<String, Optional<String>> paths) {
    this.config = config;
    this.wire = wire;
    this.paths = paths;
  }

  record Wanted(AwsSession session, URI destination) {}

  /**
   * @throws IllegalArgumentException if the target does not list the destination, or the session is
   *     of another account
   */
  Wanted wanted(Target.Aws target, AwsSession session, String destination) {
    if (!session.accountId().equals(target.roleArn().account())) {
      throw new IllegalArgumentException("the session is of another account");
    }
    if (!target.console().contains(destination)) {
      throw new IllegalArgumentException("not a destination of this role");
    }
    var path =
        paths
            .apply(destination)
            .orElseThrow(() -> new IllegalArgumentException("not a console destination"));
    var console = AwsPartition.of(target.roleArn()).console();
    var url = console.resolve(path);
    if (!console.getAuthority().equals(url.getRawAuthority())
        || !console.getScheme().equals(url.getScheme())) {
      throw new IllegalArgumentException("a destination is a path of the console");
    }
    return new Wanted(session, url);
  }

  Secret link(AwsPartition partition, Wanted wanted, Deadline deadline) throws Failure {
    var token = token(partition, wanted.session(), deadline);
    return new Secret(
        federation(partition)
            + "?Action=login&Issuer="
            + encoded(config.issuer().value())
            + "&Destination="
            + encoded(wanted.destination().toString())
            + "&SigninToken="
            + encoded(token.reveal()));
  }

  /** What a link signs in with. */
  Secret token(AwsPartition partition, AwsSession session, Deadline deadline) throws Failure {
    var asked =
        federation(partition) + "?Action=getSigninToken&Session=" + encoded(session(session));
    var request = HttpRequest.newBuilder(URI.create(asked)).header("Accept", "application/json");
    try {
      return new Secret(token(wire.exchange(request.build(), deadline)));
    } catch (WireException e) {
      throw Failure.of(e);
    }
  }

  String federation(AwsPartition partition) {
    var configured = config.endpoints().signin();
    var base = (configured == null ? partition.signin() : configured).toString();
    return (base.endsWith("/") ? base.substring(0, base.length() - 1) : base) + "/federation";
  }

  /** The keys hold no character that JSON escapes; that was checked when they came. */
  private static String session(AwsSession session) {
    return "{\"sessionId\":\""
        + session.accessKeyId()
        + "\",\"sessionKey\":\""
        + session.secretAccessKey().reveal()
        + "\",\"sessionToken\":\""
        + session.sessionToken().reveal()
        + "\"}";
  }

  private static String token(HttpResponse<byte[]> answer) throws Failure {
    var status = answer.statusCode();
    if (status == 429) {
      var retryAfter = answer.headers().firstValue("Retry-After").map(RetryAfter::of);
      throw Failure.passing(Reason.CLOUD_THROTTLED, retryAfter.orElse(null), "sign-in: 429");
    }
    if (status >= 500) {
      throw Failure.passing(Reason.CLOUD_FAILED, null, "sign-in: " + status);
    }
    if (status >= 400) {
      throw Failure.lasting(Reason.CLOUD_REFUSED, "sign-in: " + status);
    }
    var body = ANSWER.matcher(new String(answer.body(), StandardCharsets.UTF_8));
    if (status != 200 || !body.matches()) {
      throw Failure.lasting(Reason.CLOUD_ANSWER_WRONG, "sign-in: " + status);
    }
    return body.group(1);
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}

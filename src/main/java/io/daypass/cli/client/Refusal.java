package io.daypass.cli.client;

import io.daypass.cli.client.Http.Reply;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The broker's no, read from its problem (RFC 9457).
 *
 * @param code stable, snake_case; {@code unreadable} if what came is no problem of a broker's
 * @param requestId the access request it is about
 * @param requestUrl where people look at that request
 * @param retryAfter seconds after which asking again may help
 */
public record Refusal(
    int status,
    String code,
    String detail,
    String next,
    @Nullable String requestId,
    @Nullable String requestUrl,
    @Nullable Long retryAfter) {

  /** What stands for a problem that cannot be read. */
  public static final String UNREADABLE = "unreadable";

  /**
   * Whether it says that nothing is granted any more, and so that what is left of old credentials
   * is not to be used either. Every other no, whatever its status and whoever it came from, says
   * nothing of them.
   */
  public boolean withdraws() {
    return switch (code) {
      case "denied_by_policy",
          "approval_required",
          "approval_lost",
          "grant_not_started",
          "grant_ended",
          "grant_revoked",
          "grant_returned",
          "grant_over",
          "request_denied",
          "request_cancelled",
          "request_lapsed" ->
          true;
      default -> false;
    };
  }

  /** Whether the request that a poll token was handed out for is over for good. */
  public boolean endsWaiting() {
    return switch (code) {
      case "poll_token_unknown",
          "grant_ended",
          "grant_revoked",
          "grant_returned",
          "request_denied",
          "request_cancelled",
          "request_lapsed" ->
          true;
      default -> false;
    };
  }

  /**
   * Whether it is a proxy's, which says so that it cannot reach the broker behind it (RFC 9110,
   * 15.6.3 to 15.6.5): what a broker says of itself is a problem that can be read.
   */
  boolean isOfProxy() {
    return code.equals(UNREADABLE) && (status == 502 || status == 503 || status == 504);
  }

  /**
   * What {@code reply} says.
   *
   * @param remedy what to do if it is not from a broker
   */
  static Refusal of(Reply reply, String remedy) {
    return Members.read(reply.body())
        .flatMap(members -> read(reply, members))
        .orElseGet(() ->
            new Refusal(
                reply.status(),
                UNREADABLE,
                "what answered (" + reply.status() + ") is no daypass broker",
                remedy,
                null,
                null,
                null));
  }

  private static Optional<Refusal> read(Reply reply, Members members) {
    var code = members.text("code");
    var detail = members.text("detail");
    var next = members.text("next");
    if (code.isEmpty() || detail.isEmpty() || next.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new Refusal(
            reply.status(),
            Texts.plain(code.get()),
            Texts.plain(detail.get()),
            Texts.plain(next.get()),
            members.text("request_id").map(Texts::plain).orElse(null),
            members.text("request_url").map(Texts::plain).orElse(null),
            reply.header("retry-after").flatMap(Texts::seconds).orElse(null)));
  }
}

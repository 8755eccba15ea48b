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

  static Refusal of(Reply reply) {
    return Members.read(reply.body())
        .flatMap(members -> read(reply, members))
        .orElseGet(() ->
            new Refusal(
                reply.status(),
                UNREADABLE,
                "what answered (" + reply.status() + ") is no daypass broker",
                "look at the broker's address: echo \"$DAYPASS_URL\"",
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

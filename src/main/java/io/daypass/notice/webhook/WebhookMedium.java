package io.daypass.notice.webhook;

import io.daypass.document.Json;
import io.daypass.notice.Medium;
import io.daypass.notice.Message;
import io.daypass.notice.NotDelivered;
import io.daypass.notice.Post;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.Map;

/**
 * A program that takes JSON by HTTP, signed after the Standard Webhooks specification. The id is
 * the notice's, so that a repeat is known; any 2xx is a yes.
 */
public final class WebhookMedium implements Medium {

  private final Post post;
  private final URI url;
  private final WebhookKey key;
  private final InstantSource clock;

  public WebhookMedium(Post post, URI url, WebhookKey key, InstantSource clock) {
    this.post = post;
    this.url = url;
    this.key = key;
    this.clock = clock;
  }

  @Override
  public void deliver(Message message) throws NotDelivered {
    var id = message.notice().id().toString();
    var timestamp = String.valueOf(clock.instant().getEpochSecond());
    var body = Json.write((Object) Payload.of(message)).getBytes(StandardCharsets.UTF_8);
    var headers =
        Map.of(
            "Content-Type",
            "application/json",
            "User-Agent",
            "Daypass",
            "webhook-id",
            id,
            "webhook-timestamp",
            timestamp,
            "webhook-signature",
            key.signature(id, timestamp, body));
    var reply = post.send(url, headers, body, 0);
    if (reply.status() < 200 || reply.status() > 299) {
      throw reply.refused("http_" + reply.status());
    }
  }

  @Override
  public void close() {
    post.close();
  }
}

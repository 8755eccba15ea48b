package io.daypass.web.pages;

import io.daypass.web.Answer;
import io.daypass.web.Route;
import io.daypass.web.Route.Body;
import io.daypass.web.Route.Lane;
import io.daypass.web.pages.view.Frame;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/**
 * The stylesheet and the icon. What they are stands in their names, so that they may be kept for
 * ever and a new release has new ones; nothing else is served.
 */
final class Assets {

  private static final String FOR_EVER = "public, max-age=31536000, immutable";

  private final Asset stylesheet = Asset.of("css", "text/css; charset=utf-8");
  private final Asset icon = Asset.of("svg", "image/svg+xml");

  private record Asset(String path, String contentType, Buffer bytes) {

    static Asset of(String ending, String contentType) {
      try (var stream = Assets.class.getResourceAsStream("daypass." + ending)) {
        if (stream == null) {
          throw new IllegalStateException("daypass." + ending + " is part of the broker");
        }
        var bytes = stream.readAllBytes();
        var hash = HexFormat.of().formatHex(sha256(bytes), 0, 8);
        var path = "/assets/daypass-" + hash + "." + ending;
        return new Asset(path, contentType, Buffer.buffer(bytes));
      } catch (IOException e) {
        throw new IllegalStateException("daypass." + ending + " is part of the broker", e);
      }
    }

    Stream<Route> routes() {
      Route.Handler handler =
          _ -> new Answer(200, contentType, bytes).header("Cache-Control", FOR_EVER);
      return Stream.of("GET", "HEAD")
          .map(method -> new Route(method, path, Lane.MEMORY, Body.NONE, handler));
    }
  }

  /** Where pages find them. */
  Frame.Assets links() {
    return new Frame.Assets(stylesheet.path(), icon.path());
  }

  List<Route> routes() {
    return Stream.of(stylesheet, icon).flatMap(Asset::routes).toList();
  }

  private static byte[] sha256(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every JDK has SHA-256", e);
    }
  }
}

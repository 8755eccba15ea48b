package io.daypass.web;

import io.vertx.core.MultiMap;

/** The headers that every answer carries; a route may only replace some by its own. */
final class SecurityHeaders {

  private SecurityHeaders() {}

  static void on(MultiMap headers) {
    headers
        .set("Cache-Control", "no-store")
        .set("X-Content-Type-Options", "nosniff")
        .set("Referrer-Policy", "no-referrer")
        .set("Strict-Transport-Security", "max-age=63072000; includeSubDomains")
        .set("Cross-Origin-Resource-Policy", "same-origin")
        .set("Cross-Origin-Opener-Policy", "same-origin")
        .set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
        .set("X-Frame-Options", "DENY");
  }
}

package io.daypass.cli.loopback;

import io.daypass.cli.loopback.Loopback.Reply;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Map;

/** A page of two sentences that runs nothing, loads nothing and can be framed by nobody. */
record Page(String title, String text) {

  private static final String STYLE =
      ":root{color-scheme:light dark;font:16px/1.5 system-ui,sans-serif}"
          + "body{margin:0;display:grid;min-height:100vh;place-items:start center}"
          + "main{width:min(32rem,100% - 2rem);padding-top:14vh}h1{font-size:1.5rem;margin:0 0 .5rem}"
          + "p{white-space:pre-line}";

  static Reply reply(int status, Page page) {
    return new Reply(
        status,
        "text/html; charset=utf-8",
        """
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>%1$s - Daypass</title>
        <style>%3$s</style>
        </head>
        <body>
        <main>
        <h1>%1$s</h1>
        <p>%2$s</p>
        </main>
        </body>
        </html>
        """
            .formatted(escaped(page.title()), escaped(page.text()), STYLE),
        Map.of(
            "Content-Security-Policy",
            "default-src 'none'; style-src 'sha256-%s'; base-uri 'none'; form-action 'none';"
                .concat(" frame-ancestors 'none'")
                .formatted(digest(STYLE)),
            "Referrer-Policy",
            "no-referrer"));
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;")
        .replace("'", "&#39;");
  }

  private static String digest(String text) {
    try {
      var sha = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return Base64.getEncoder().encodeToString(sha);
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every JDK has SHA-256", e);
    }
  }
}

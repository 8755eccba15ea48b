package io.daypass.web;

import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** What is wrong with the head of a request, before anybody looks at what it asks for. */
final class Head {

  private static final Pattern LENGTH = Pattern.compile("[0-9]{1,10}");

  /** What a header field costs beside its bytes. */
  private static final int FIELD = 150;

  private Head() {}

  /** A problem after which the connection is closed: the rest of it cannot be trusted. */
  static Optional<Problem> broken(HttpServerRequest request, HttpLimits limits) {
    var headers = request.headers();
    if (request.version() != HttpVersion.HTTP_1_1) {
      return Optional.of(version());
    }
    if (headers.contains("transfer-encoding")) {
      return Optional.of(encoded());
    }
    var lengths = headers.getAll("content-length");
    if (lengths.size() > 1 || (lengths.size() == 1 && !isLength(lengths.getFirst()))) {
      return problem(Code.BAD_REQUEST, "the Content-Length is not one number", "send it once");
    }
    if (headers.getAll("host").size() != 1) {
      return problem(Code.BAD_REQUEST, "a request has one Host", "send one Host header");
    }
    if (length(request) > limits.bodyBytes()) {
      return problem(
          Code.BODY_TOO_LARGE,
          "the body is larger than " + limits.bodyBytes() + " bytes",
          "send less");
    }
    if (!Paths.allows(request.uri())) {
      return problem(
          Code.PATH_NOT_ALLOWED,
          "paths here have plain segments of letters, digits and . _ ~ - only",
          "see /openapi.yaml for the paths");
    }
    var expect = headers.getAll("expect");
    return expect.isEmpty() || expectsContinue(request)
        ? Optional.empty()
        : problem(Code.EXPECTATION_FAILED, "the expectation is not known", "leave Expect out");
  }

  /** What is wrong with what Netty could not make sense of. */
  static Problem unreadable(HttpServerRequest request, HttpLimits limits) {
    return switch (request.decoderResult().cause()) {
      case TooLongHttpLineException _ ->
          Problem.of(
              Code.URI_TOO_LONG,
              "the request line is longer than " + limits.uriBytes() + " bytes",
              "send less in the address");
      case TooLongHttpHeaderException _ ->
          Problem.of(
              Code.HEADERS_TOO_LARGE,
              "there are more than %d header fields, or more than %d bytes of them"
                  .formatted(limits.headerFields(), limits.headerBytes()),
              "send fewer headers and cookies");
      case Decoder.UnknownVersionException _ -> version();
      case null, default ->
          chunkedOnly(request)
              ? encoded()
              : Problem.of(
                  Code.BAD_REQUEST, "the request is not readable HTTP/1.1", "check the client");
    };
  }

  /** Honest about it, where a Content-Length beside it would be somebody's trick. */
  private static boolean chunkedOnly(HttpServerRequest request) {
    var headers = request.headers();
    return headers.contains("transfer-encoding") && !headers.contains("content-length");
  }

  private static Problem version() {
    return Problem.of(Code.HTTP_VERSION_UNSUPPORTED, "only HTTP/1.1 is spoken", "use HTTP/1.1");
  }

  // RFC 9112, 6.3 and 11.2: a body has one length, stated once, or two readers may disagree.
  private static Problem encoded() {
    return Problem.of(
        Code.LENGTH_REQUIRED,
        "a body is taken with a Content-Length and no Transfer-Encoding",
        "send the body whole, with its length");
  }

  static boolean expectsContinue(HttpServerRequest request) {
    var expect = request.headers().getAll("expect");
    return expect.size() == 1 && expect.getFirst().toLowerCase(Locale.ROOT).equals("100-continue");
  }

  static long length(HttpServerRequest request) {
    var length = request.getHeader("content-length");
    return length == null ? 0 : Long.parseLong(length);
  }

  /** What the request costs in memory with its body, in bytes and about. */
  static long weight(HttpServerRequest request) {
    var weight = length(request) + request.uri().length();
    for (var field : request.headers()) {
      weight += FIELD + field.getKey().length() + field.getValue().length();
    }
    return weight;
  }

  private static boolean isLength(String text) {
    return LENGTH.matcher(text).matches();
  }

  private static Optional<Problem> problem(Code code, String detail, String next) {
    return Optional.of(Problem.of(code, detail, next));
  }
}

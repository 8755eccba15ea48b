package io.daypass.web;

import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpHeadersFactory;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.impl.HttpUtils;
import io.vertx.core.http.impl.VertxHttpRequestDecoder;
import io.vertx.core.http.impl.headers.HeadersMultiMap;
import io.vertx.core.net.impl.ConnectionBase;
import java.util.function.BiConsumer;

/**
 * Reads requests as Vert.x' own decoder does, within bounds that Vert.x has no options for. A bound
 * on the bytes of a head alone bounds little: a field of two bytes costs a hundred and fifty once
 * it is read, so that a head of 16 KiB would cost a megabyte before anybody has seen it.
 */
final class Decoder extends HttpRequestDecoder {

  private Decoder(HttpLimits limits) {
    super(
        new HttpDecoderConfig()
            .setMaxInitialLineLength(limits.uriBytes())
            .setMaxHeaderSize(limits.headerBytes())
            // No body comes in chunks, and so none has trailers: see Head.
            .setChunkedSupported(false)
            .setHeadersFactory(new Fields(limits.headerFields())));
  }

  /** Takes the place of the decoder that Vert.x gave the connection; nothing was read by then. */
  static void on(HttpConnection connection, HttpLimits limits) {
    ((ConnectionBase) connection)
        .channel()
        .pipeline()
        .replace(VertxHttpRequestDecoder.class, "httpDecoder", new Decoder(limits));
  }

  @Override
  protected HttpMessage createMessage(String[] initialLine) throws Exception {
    var message = super.createMessage(initialLine);
    var version = message.protocolVersion();
    if (!version.equals(HttpVersion.HTTP_1_1) && !version.equals(HttpVersion.HTTP_1_0)) {
      // Vert.x would answer by itself, without a word.
      throw new UnknownVersionException();
    }
    return message;
  }

  /** Neither HTTP/1.1 nor HTTP/1.0. */
  static final class UnknownVersionException extends Exception {
    private static final long serialVersionUID = 1L;

    private UnknownVersionException() {
      super("neither HTTP/1.1 nor HTTP/1.0", null, false, false);
    }
  }

  private record Fields(int most) implements HttpHeadersFactory {
    @Override
    public HttpHeaders newHeaders() {
      return HeadersMultiMap.httpHeaders(new Counted(most));
    }

    @Override
    public HttpHeaders newEmptyHeaders() {
      return newHeaders();
    }
  }

  /** Is asked of each field before it is kept. */
  private static final class Counted implements BiConsumer<CharSequence, CharSequence> {
    private int left;

    Counted(int most) {
      this.left = most;
    }

    @Override
    public void accept(CharSequence name, CharSequence value) {
      if (--left < 0) {
        throw new TooLongHttpHeaderException("too many header fields");
      }
      HttpUtils.validateHeader(name, value);
    }
  }
}

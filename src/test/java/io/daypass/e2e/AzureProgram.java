package io.daypass.e2e;

import com.azure.core.credential.TokenRequestContext;
import com.azure.core.exception.ClientAuthenticationException;
import com.azure.core.http.HttpClient;
import com.azure.core.http.HttpHeaderName;
import com.azure.core.http.HttpHeaders;
import com.azure.core.http.HttpRequest;
import com.azure.core.http.HttpResponse;
import com.azure.core.util.FluxUtil;
import com.azure.identity.DefaultAzureCredentialBuilder;
import com.azure.identity.ManagedIdentityCredentialBuilder;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** A program as others write them: it asks Azure's own library for a token of its surroundings. */
final class AzureProgram {

  private AzureProgram() {}

  public static void main(String... arguments) {
    var asked = new TokenRequestContext().addScopes(arguments[1]);
    var credential =
        arguments[0].equals("default")
            ? new DefaultAzureCredentialBuilder().httpClient(new Jdk()).build()
            : new ManagedIdentityCredentialBuilder().httpClient(new Jdk()).build();
    try {
      var token = credential.getToken(asked).block();
      System.out.println(
          new JsonObject()
              .put("token", token.getToken())
              .put("expires", token.getExpiresAt().toEpochSecond())
              .encode());
    } catch (ClientAuthenticationException e) {
      System.out.println(new JsonObject().put("error", said(e)).encode());
    }
    // The library keeps threads that would keep this running.
    System.exit(0);
  }

  private static String said(Throwable thrown) {
    return Stream.iterate(thrown, Objects::nonNull, Throwable::getCause)
        .map(Throwable::getMessage)
        .collect(Collectors.joining("; "));
  }

  /** The JDK's HTTP: none of the library's own is on the class path. */
  private record Jdk() implements HttpClient {

    @Override
    public Mono<HttpResponse> send(HttpRequest request) {
      return Mono.fromCallable(() -> sent(request));
    }

    private static HttpResponse sent(HttpRequest request) throws Exception {
      var bytes = request.getBodyAsBinaryData();
      var ours =
          java.net.http.HttpRequest.newBuilder(request.getUrl().toURI())
              .method(
                  request.getHttpMethod().toString(),
                  bytes == null
                      ? BodyPublishers.noBody()
                      : BodyPublishers.ofByteArray(bytes.toBytes()));
      request.getHeaders().stream()
          .filter(header ->
              !HttpHeaderName.CONTENT_LENGTH
                  .getCaseInsensitiveName()
                  .equals(header.getName().toLowerCase(Locale.ROOT)))
          .forEach(header -> ours.header(header.getName(), header.getValue()));
      var client = java.net.http.HttpClient.newHttpClient();
      return new Came(request, client.send(ours.build(), BodyHandlers.ofByteArray()));
    }
  }

  private static final class Came extends HttpResponse {

    private final java.net.http.HttpResponse<byte[]> response;

    Came(HttpRequest request, java.net.http.HttpResponse<byte[]> response) {
      super(request);
      this.response = response;
    }

    @Override
    public int getStatusCode() {
      return response.statusCode();
    }

    @Override
    @Deprecated
    public String getHeaderValue(String name) {
      return response.headers().firstValue(name).orElse(null);
    }

    @Override
    public HttpHeaders getHeaders() {
      var headers = new HttpHeaders();
      response
          .headers()
          .map()
          .forEach((name, values) -> headers.set(HttpHeaderName.fromString(name), values));
      return headers;
    }

    @Override
    public Flux<ByteBuffer> getBody() {
      return Flux.just(ByteBuffer.wrap(response.body()));
    }

    @Override
    public Mono<byte[]> getBodyAsByteArray() {
      return FluxUtil.collectBytesInByteBufferStream(getBody());
    }

    @Override
    public Mono<String> getBodyAsString() {
      return getBodyAsString(StandardCharsets.UTF_8);
    }

    @Override
    public Mono<String> getBodyAsString(Charset charset) {
      return Mono.just(new String(response.body(), charset));
    }
  }
}

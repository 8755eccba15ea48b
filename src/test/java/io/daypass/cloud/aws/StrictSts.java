package io.daypass.cloud.aws;

import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.jwk.JWKSet;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.daypass.cloud.Grants;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * STS and the sign-in endpoint as AWS documents them: it checks what it is sent, and refuses. What
 * a test wants to go wrong goes wrong in the order it was said.
 */
final class StrictSts implements AutoCloseable {

  record Seen(
      String method,
      String path,
      Map<String, String> parameters,
      Map<String, Object> claims,
      Map<String, List<String>> headers) {}

  interface Fault {
    void strike(HttpExchange exchange) throws IOException;
  }

  private final HttpServer server;
  private final Supplier<String> jwks;
  private final Queue<Fault> faults = new ConcurrentLinkedQueue<>();
  final List<Seen> seen = new CopyOnWriteArrayList<>();
  volatile UnaryOperator<String> answer = UnaryOperator.identity();
  volatile Instant now = Grants.NOW;

  StrictSts(Supplier<String> jwks) {
    this.jwks = jwks;
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/sts", exchange -> handle(exchange, this::assume));
    server.createContext("/signin/federation", exchange -> handle(exchange, this::signIn));
    server.start();
  }

  URI at(String path) {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + path);
  }

  void next(Fault... next) {
    faults.addAll(List.of(next));
  }

  static Fault error(int status, String code, String... headers) {
    return exchange -> {
      for (int i = 0; i < headers.length; i += 2) {
        exchange.getResponseHeaders().add(headers[i], headers[i + 1]);
      }
      send(exchange, status, errorXml(code, "no"));
    };
  }

  static Fault answering(int status, String body) {
    return exchange -> send(exchange, status, body);
  }

  private void handle(HttpExchange exchange, Fault regular) throws IOException {
    try (exchange) {
      var fault = faults.poll();
      if (fault != null) {
        seen.add(seen(exchange, Map.of()));
        fault.strike(exchange);
      } else {
        regular.strike(exchange);
      }
    } catch (Exception e) {
      send(exchange, 500, errorXml("InternalFailure", e.toString()));
    }
  }

  private void assume(HttpExchange exchange) throws IOException {
    var form =
        parameters(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
    var wrong = new ArrayDeque<String>();
    Map<String, Object> claims = Map.of();
    try {
      var jws = JWSObject.parse(form.getOrDefault("WebIdentityToken", ""));
      var key = JWKSet.parse(jwks.get()).getKeyByKeyId(jws.getHeader().getKeyID());
      if (key == null || !jws.verify(new ECDSAVerifier(key.toECKey()))) {
        wrong.add("InvalidIdentityToken");
      }
      claims = jws.getPayload().toJSONObject();
    } catch (Exception e) {
      wrong.add("InvalidIdentityToken");
    }
    seen.add(
        new Seen(
            exchange.getRequestMethod(),
            exchange.getRequestURI().toString(),
            form,
            claims,
            exchange.getRequestHeaders()));
    check(form, claims, wrong);
    if (wrong.isEmpty()) {
      send(exchange, 200, answer.apply(granted(form, claims)));
    } else {
      send(exchange, 400, errorXml(wrong.peek(), "refused"));
    }
  }

  private void check(Map<String, String> form, Map<String, Object> claims, Queue<String> wrong) {
    require("AssumeRoleWithWebIdentity".equals(form.get("Action")), "InvalidAction", wrong);
    var account = form.getOrDefault("RoleArn", "::::::").split(":", -1)[4];
    require(("daypass-aws-" + account).equals(claims.get("aud")), "InvalidIdentityToken", wrong);
    require(
        claims.get("sub") instanceof String s && s.matches("role:[a-z-]+"), "AccessDenied", wrong);
    var seconds = now.getEpochSecond();
    require(
        claims.get("iat") instanceof Long iat
            && claims.get("exp") instanceof Long exp
            && exp - iat <= 60
            && iat <= seconds
            && exp > seconds,
        "ExpiredTokenException",
        wrong);
    var duration = Integer.parseInt(form.getOrDefault("DurationSeconds", "0"));
    require(duration >= 900 && duration <= 43_200, "ValidationError", wrong);
    require(form.getOrDefault("Policy", "").length() <= 2048, "PackedPolicyTooLarge", wrong);
    require(form.getOrDefault("Policy", "").contains("\"Deny\""), "MalformedPolicyDocument", wrong);
    require(
        form.getOrDefault("RoleSessionName", "").matches("[\\w+=,.@-]{2,64}"),
        "ValidationError",
        wrong);
    require(
        claims.get("https://aws.amazon.com/source_identity") instanceof String s
            && s.matches("[\\w+=,.@-]{2,64}"),
        "ValidationError",
        wrong);
    require(tagsAreSound(claims.get("https://aws.amazon.com/tags")), "ValidationError", wrong);
  }

  private static boolean tagsAreSound(@Nullable Object tags) {
    return tags instanceof Map<?, ?> map
        && map.get("principal_tags") instanceof Map<?, ?> principal
        && map.get("transitive_tag_keys") instanceof List<?> transitive
        && principal.keySet().containsAll(transitive)
        && principal.values().stream()
            .allMatch(values ->
                values instanceof List<?> list
                    && list.size() == 1
                    && list.getFirst() instanceof String value
                    && value.matches("[\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]{0,256}"));
  }

  private static void require(boolean held, String code, Queue<String> wrong) {
    if (!held) {
      wrong.add(code);
    }
  }

  private String granted(Map<String, String> form, Map<String, Object> claims) {
    var arn = form.getOrDefault("RoleArn", "").split(":", -1);
    var role = arn[5].substring(arn[5].lastIndexOf('/') + 1);
    var expires = now.plusSeconds(Long.parseLong(form.getOrDefault("DurationSeconds", "")));
    return """
    <AssumeRoleWithWebIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">
      <AssumeRoleWithWebIdentityResult>
        <SubjectFromWebIdentityToken>%s</SubjectFromWebIdentityToken>
        <Audience>%s</Audience>
        <AssumedRoleUser>
          <Arn>arn:%s:sts::%s:assumed-role/%s/%s</Arn>
          <AssumedRoleId>AROACLKWSDQRAOEXAMPLE:%s</AssumedRoleId>
        </AssumedRoleUser>
        <Credentials>
          <SessionToken>%s</SessionToken>
          <SecretAccessKey>%s</SecretAccessKey>
          <Expiration>%s</Expiration>
          <AccessKeyId>ASIA%s</AccessKeyId>
        </Credentials>
        <SourceIdentity>%s</SourceIdentity>
        <Provider>arn:%s:iam::%s:oidc-provider/daypass.example.com</Provider>
        <PackedPolicySize>12</PackedPolicySize>
      </AssumeRoleWithWebIdentityResult>
      <ResponseMetadata><RequestId>ad4156e9-bce1-11e2-82e6-6b6efEXAMPLE</RequestId></ResponseMetadata>
    </AssumeRoleWithWebIdentityResponse>
    """
        .formatted(
            claims.get("sub"),
            claims.get("aud"),
            arn[1],
            arn[4],
            role,
            form.get("RoleSessionName"),
            form.get("RoleSessionName"),
            "t/k+".repeat(200),
            "s".repeat(40),
            expires,
            "A2B3C4D5E6F7G8H9",
            claims.get("https://aws.amazon.com/source_identity"),
            arn[1],
            arn[4]);
  }

  private void signIn(HttpExchange exchange) throws IOException {
    var request = seen(exchange, Map.of());
    seen.add(request);
    var sound =
        request.method().equals("GET")
            && "getSigninToken".equals(request.parameters().get("Action"))
            && request
                .parameters()
                .getOrDefault("Session", "")
                .matches(
                    "\\{\"sessionId\":\"[^\"]+\",\"sessionKey\":\"[^\"]+\",\"sessionToken\":\"[^\"]+\"}");
    send(exchange, sound ? 200 : 400, sound ? "{\"SigninToken\":\"a-sign_in.token\"}" : "{}");
  }

  private static Seen seen(HttpExchange exchange, Map<String, Object> claims) {
    var query = exchange.getRequestURI().getRawQuery();
    return new Seen(
        exchange.getRequestMethod(),
        exchange.getRequestURI().getPath(),
        parameters(query == null ? "" : query),
        claims,
        exchange.getRequestHeaders());
  }

  private static Map<String, String> parameters(String form) {
    var parameters = new HashMap<String, String>();
    for (var pair : form.split("&", -1)) {
      var parts = pair.split("=", 2);
      parameters.put(
          parts[0], parts.length < 2 ? "" : URLDecoder.decode(parts[1], StandardCharsets.UTF_8));
    }
    return parameters;
  }

  static String errorXml(String code, String message) {
    return "<ErrorResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><Error><Type>Sender</Type><Code>"
        + code
        + "</Code><Message>"
        + message
        + "</Message></Error><RequestId>r</RequestId></ErrorResponse>";
  }

  static void send(HttpExchange exchange, int status, String body) throws IOException {
    var bytes = body.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
    exchange.getResponseBody().write(bytes);
  }

  List<Seen> calls() {
    return new ArrayList<>(seen);
  }

  @Override
  public void close() {
    server.stop(0);
  }
}

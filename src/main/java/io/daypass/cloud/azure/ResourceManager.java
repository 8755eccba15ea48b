package io.daypass.cloud.azure;

import io.daypass.cloud.MintException.Reason;
import io.daypass.cloud.Secret;
import io.daypass.cloud.wire.CleanText;
import io.daypass.cloud.wire.Deadline;
import io.daypass.cloud.wire.Effort;
import io.daypass.cloud.wire.Failure;
import io.daypass.cloud.wire.Gates;
import io.daypass.cloud.wire.Wire;
import io.daypass.cloud.wire.WireException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.Map;

/**
 * Calls of Azure Resource Manager, and what its answers mean. Each names what it is about, so that
 * any of them may be made again.
 */
record ResourceManager(URI address, Wire wire, Gates gates, Effort effort) {

  private static final String GATE = "resource manager";

  /** Whether nothing is sent there for {@code tenant} at the moment. */
  boolean isShut(String tenant) {
    return gates.isShut(GATE, tenant);
  }

  /** What {@code passage} brings that calls for {@code tenant}. */
  <T> T pass(String tenant, Gates.Passage<T> passage) throws Failure {
    return gates.pass(GATE, tenant, passage);
  }

  /** The same for one call, which is tried again where that may help. */
  <T> T call(String tenant, Effort.Call<T> call) throws Failure {
    return pass(tenant, () -> effort.make(call));
  }

  /** What is at {@code path}, whatever the status, unless that passes: then it is asked again. */
  HttpResponse<byte[]> look(String path, Secret token) throws Failure {
    return effort.make(deadline -> {
      var answer = get(path, token, deadline);
      if (passes(answer)) {
        throw refused(answer);
      }
      return answer;
    });
  }

  /** One attempt at what is at {@code path}. */
  HttpResponse<byte[]> get(String path, Secret token, Deadline deadline) throws Failure {
    return exchange(request(path, token).GET(), deadline);
  }

  /** One attempt at writing {@code json} to {@code path}. */
  HttpResponse<byte[]> put(String path, String json, Secret token, Deadline deadline)
      throws Failure {
    return exchange(
        request(path, token)
            .header("Content-Type", "application/json")
            .PUT(BodyPublishers.ofString(json)),
        deadline);
  }

  /** One attempt at removing what is at {@code path}. */
  HttpResponse<byte[]> delete(String path, Secret token, Deadline deadline) throws Failure {
    return exchange(request(path, token).DELETE(), deadline);
  }

  private HttpRequest.Builder request(String path, Secret token) {
    var base = address.toString().replaceFirst("/+$", "");
    return HttpRequest.newBuilder(URI.create(base + path))
        .header("Authorization", "Bearer " + token.reveal())
        .header("Accept", "application/json");
  }

  private HttpResponse<byte[]> exchange(HttpRequest.Builder request, Deadline deadline)
      throws Failure {
    try {
      return wire.exchange(request.build(), deadline);
    } catch (WireException e) {
      var failure = Failure.of(e);
      // Whether or not it arrived, it may be made again.
      throw failure.reason() == Reason.CLOUD_FAILED
          ? Failure.passing(Reason.CLOUD_FAILED, null, failure.detail())
          : failure;
    }
  }

  private static boolean passes(HttpResponse<byte[]> answer) {
    return answer.statusCode() == 429 || answer.statusCode() >= 500;
  }

  /** What an answer means that is none of those hoped for. */
  static Failure refused(HttpResponse<byte[]> answer) {
    var code = code(answer);
    var told =
        answer.statusCode()
            + " "
            + CleanText.of(code)
            + ": "
            + CleanText.of(Answers.text(error(answer), "message").orElse(""));
    return refused(answer, code, GATE + ": " + told).coded(CleanText.of(code));
  }

  private static Failure refused(HttpResponse<byte[]> answer, String code, String detail) {
    if (passes(answer)) {
      var reason = answer.statusCode() == 429 ? Reason.CLOUD_THROTTLED : Reason.CLOUD_FAILED;
      return Failure.passing(reason, EntraFailures.retryAfter(answer), detail);
    }
    if (code.equals("PrincipalNotFound")) {
      return Failure.passing(Reason.ACCESS_NOT_READY, null, detail);
    }
    return Failure.lasting(
        answer.statusCode() >= 400 ? Reason.CLOUD_REFUSED : Reason.CLOUD_ANSWER_WRONG, detail);
  }

  /** That an answer is not what it must be. */
  static Failure wrong(String what) {
    return Failure.lasting(Reason.CLOUD_ANSWER_WRONG, GATE + ": " + what);
  }

  /** The error that an answer names. */
  static Map<?, ?> error(HttpResponse<byte[]> answer) {
    return Answers.within(Answers.object(answer.body()), "error");
  }

  /** Its code; "none" where there is none. */
  static String code(HttpResponse<byte[]> answer) {
    return Answers.text(error(answer), "code").orElse("none");
  }
}

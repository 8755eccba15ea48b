package io.daypass.e2e;

import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;

/** Each way to a credential, asked in its own dialect, and what its answer comes to. */
enum Doorway {
  JSON {
    @Override
    HttpRequest.Builder request(Api api, String role, String token) {
      return api.request("/v1/roles/" + role + "/credentials", token)
          .POST(HttpRequest.BodyPublishers.noBody());
    }

    @Override
    HttpRequest.Builder byArn(Api api, String arn, String token) {
      return request(api, encoded(arn), token);
    }
  },
  EXCHANGE {
    @Override
    HttpRequest.Builder request(Api api, String role, String token) {
      var form = new LinkedHashMap<String, String>();
      form.put("grant_type", "urn:ietf:params:oauth:grant-type:token-exchange");
      form.put("audience", role);
      if (token.startsWith("dpp_")) {
        form.put("poll_token", token);
      } else {
        form.put("subject_token", token);
        form.put("subject_token_type", "urn:ietf:params:oauth:token-type:jwt");
      }
      return form(api, "/oauth2/token", form);
    }

    @Override
    HttpRequest.Builder byArn(Api api, String arn, String token) {
      return request(api, arn, token);
    }
  },
  STS {
    @Override
    HttpRequest.Builder request(Api api, String role, String token) {
      return byArn(api, "arn:aws:iam::123456789012:role/daypass-" + role, token);
    }

    @Override
    HttpRequest.Builder byArn(Api api, String arn, String token) {
      var form = new LinkedHashMap<String, String>();
      form.put("Action", "AssumeRoleWithWebIdentity");
      form.put("Version", "2011-06-15");
      form.put("RoleArn", arn);
      form.put("RoleSessionName", "botocore-session-1");
      form.put("WebIdentityToken", token + "\n");
      return form(api, "/sts", form);
    }
  },
  CONTAINER {
    @Override
    HttpRequest.Builder request(Api api, String role, String token) {
      return HttpRequest.newBuilder(URI.create(api.url() + "/aws/container-credentials/" + role))
          .header("Authorization", token);
    }

    @Override
    HttpRequest.Builder byArn(Api api, String arn, String token) {
      return request(api, encoded(arn), token);
    }
  };

  private static final Pattern IN_JSON = Pattern.compile("\"code\":\"([a-z_]+)\"");
  private static final Pattern IN_XML = Pattern.compile("\\(([a-z_]+)\\); ");

  abstract HttpRequest.Builder request(Api api, String role, String token);

  /** The same by a role's ARN, in the place of its name where the door takes names. */
  abstract HttpRequest.Builder byArn(Api api, String arn, String token);

  private static String encoded(String arn) {
    return URLEncoder.encode(arn, StandardCharsets.UTF_8);
  }

  /**
   * What became of a call.
   *
   * @param code the broker's reason; empty where a credential was given
   */
  record Outcome(boolean given, String code) {

    /**
     * Whether clients try again: it was too slow for this door, or a replica that has just begun
     * had no connection to the database for all who came.
     */
    boolean isPassing() {
      return code.equals("too_slow") || code.equals("ledger_unavailable");
    }
  }

  Api.Answer ask(Api api, String role, String token) {
    return api.any(request(api, role, token));
  }

  /** The same; where clients would try again, so does this one. */
  Outcome outcome(Api api, String role, String token) {
    for (var attempt = 1; ; attempt++) {
      var outcome = outcome(ask(api, role, token));
      if (!outcome.isPassing() || attempt == 10) {
        return outcome;
      }
    }
  }

  Outcome outcome(Api.Answer answer) {
    if (answer.status() == 200) {
      if (!answer.body().contains("AccessKeyId")) {
        throw new AssertionError("200 without a credential");
      }
      return new Outcome(true, "");
    }
    if (answer.body().contains("SecretAccessKey")) {
      throw new AssertionError("a credential with status " + answer.status());
    }
    var matcher = (this == STS ? IN_XML : IN_JSON).matcher(answer.body());
    if (!matcher.find()) {
      throw new AssertionError(this + " gave no reason: " + answer.status() + " " + answer.body());
    }
    return new Outcome(false, matcher.group(1));
  }

  static HttpRequest.Builder form(Api api, String path, Map<String, String> values) {
    var body = new StringBuilder();
    values.forEach((name, value) ->
        body.append(body.isEmpty() ? "" : "&")
            .append(name)
            .append('=')
            .append(URLEncoder.encode(value, StandardCharsets.UTF_8)));
    return HttpRequest.newBuilder(URI.create(api.url() + path))
        .header("Content-Type", "application/x-www-form-urlencoded")
        .POST(HttpRequest.BodyPublishers.ofString(body.toString()));
  }
}

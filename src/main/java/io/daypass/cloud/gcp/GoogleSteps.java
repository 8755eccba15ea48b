package io.daypass.cloud.gcp;

import com.google.api.client.http.GenericUrl;
import com.google.api.client.http.json.JsonHttpContent;
import com.google.api.client.json.GenericJson;
import com.google.api.client.json.gson.GsonFactory;
import com.google.auth.http.HttpCredentialsAdapter;
import com.google.auth.oauth2.AccessToken;
import com.google.auth.oauth2.ExternalAccountCredentials.SubjectTokenTypes;
import com.google.auth.oauth2.GoogleCredentials;
import com.google.auth.oauth2.IdentityPoolCredentials;
import com.google.auth.oauth2.ImpersonatedCredentials;
import io.daypass.cloud.MintException.Reason;
import io.daypass.cloud.wire.Deadline;
import io.daypass.cloud.wire.Failure;
import io.daypass.cloud.wire.Wire;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

/**
 * The two steps to a service account's token, by Google's library: the assertion becomes a
 * federated token, and that lets its bearer impersonate. Credentials objects are made for one step
 * and thrown away, for the library keeps tokens in them.
 *
 * <p>Nothing is looked up: no default credentials, no metadata server, no configuration of gcloud.
 */
record GoogleSteps(Wire wire, GoogleConfig.Endpoints endpoints) {

  /** What both services ask of a federated token (their API references). */
  private static final String PLATFORM = "https://www.googleapis.com/auth/cloud-platform";

  private static final String UNIVERSE = "googleapis.com";

  AccessToken exchange(String provider, String assertion, Deadline deadline) throws Failure {
    var call = GoogleCall.exchange();
    var transport = new WireTransport(wire, call, endpoints.of(call), deadline);
    try {
      var token =
          IdentityPoolCredentials.newBuilder()
              .setAudience(provider)
              .setSubjectTokenType(SubjectTokenTypes.JWT)
              .setSubjectTokenSupplier(_ -> assertion)
              .setTokenUrl(call.usualUrl())
              .setScopes(List.of(PLATFORM))
              .setUniverseDomain(UNIVERSE)
              .setHttpTransportFactory(() -> transport)
              .build()
              .refreshAccessToken();
      return ReceivedToken.federated(token, transport.answer());
    } catch (IOException | RuntimeException e) {
      throw GoogleFailures.of(e);
    }
  }

  /**
   * A token of {@code serviceAccount} that is asked to live for {@code lifetime}, which is more
   * than nothing: the library takes nothing for an hour.
   */
  AccessToken impersonate(
      AccessToken federated,
      String serviceAccount,
      List<String> scopes,
      Duration lifetime,
      Deadline deadline)
      throws Failure {
    if (lifetime.toSeconds() <= 0) {
      throw new IllegalArgumentException("a token lives for a while");
    }
    var call = GoogleCall.impersonation(serviceAccount);
    var transport = new WireTransport(wire, call, endpoints.of(call), deadline);
    try {
      return ImpersonatedCredentials.newBuilder()
          .setSourceCredentials(GoogleCredentials.create(federated))
          .setTargetPrincipal(serviceAccount)
          .setScopes(scopes)
          .setLifetime(Math.toIntExact(lifetime.toSeconds()))
          .setIamEndpointOverride(call.usualUrl())
          .setHttpTransportFactory(() -> transport)
          .build()
          .refreshAccessToken();
    } catch (IOException | RuntimeException e) {
      throw GoogleFailures.of(e);
    }
  }

  /** The answer to a call made in the name of {@code by}. */
  GenericJson ask(GoogleCall call, Object body, AccessToken by, Deadline deadline) throws Failure {
    var transport = new WireTransport(wire, call, endpoints.of(call), deadline);
    try {
      var request =
          transport
              .createRequestFactory(new HttpCredentialsAdapter(GoogleCredentials.create(by)))
              .buildPostRequest(
                  new GenericUrl(call.usualUrl()),
                  new JsonHttpContent(GsonFactory.getDefaultInstance(), body));
      // It would write the bearer's header into the log of whoever turns that on.
      request.setLoggingEnabled(false);
      request.execute();
    } catch (IOException | RuntimeException e) {
      throw GoogleFailures.of(e);
    }
    var answer = transport.answer();
    var json = answer == null ? null : GoogleFailures.json(answer);
    if (json == null) {
      throw Failure.lasting(Reason.CLOUD_ANSWER_WRONG, "unreadable: " + call.path());
    }
    return json;
  }
}

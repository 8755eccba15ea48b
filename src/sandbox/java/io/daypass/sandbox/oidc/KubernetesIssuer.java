package io.daypass.sandbox.oidc;

import io.daypass.sandbox.http.Ask;
import io.daypass.sandbox.http.Doors;
import io.daypass.sandbox.http.Endpoint;
import io.daypass.sandbox.http.Reply;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * Service-account tokens as a cluster projects them into pods (Kubernetes, "Managing Service
 * Accounts", bound tokens).
 */
public final class KubernetesIssuer {

  private static final Duration LIFE = Duration.ofHours(1);

  private final Provider provider;

  public KubernetesIssuer(Provider provider) {
    this.provider = provider;
  }

  public Provider provider() {
    return provider;
  }

  public void open(Doors doors) {
    provider.open(doors, Map.of());
    doors.open("GET", "/kubernetes/token", Endpoint.now(this::token));
  }

  /** A token for {@code audience} of a service account. */
  public String token(String audience, String namespace, String serviceAccount) {
    return token(audience, namespace, serviceAccount, LIFE, Map.of());
  }

  /** The same with another life and with other claims. */
  public String token(
      String audience,
      String namespace,
      String serviceAccount,
      Duration life,
      Map<String, Object> others) {
    long now = provider.clock().instant().getEpochSecond();
    var claims = new LinkedHashMap<String, Object>();
    claims.put("aud", List.of(audience));
    claims.put("sub", "system:serviceaccount:" + namespace + ":" + serviceAccount);
    claims.put("nbf", now);
    claims.put(
        "kubernetes.io",
        Map.of(
            "namespace",
            namespace,
            "serviceaccount",
            Map.of("name", serviceAccount, "uid", uid(namespace + "/" + serviceAccount)),
            "pod",
            Map.of("name", serviceAccount + "-0", "uid", uid(namespace + "/pod/" + serviceAccount)),
            "node",
            Map.of("name", "node-1", "uid", uid("node-1"))));
    claims.putAll(others);
    return provider.token(life, claims);
  }

  private Reply token(Ask ask) {
    var query = ask.query();
    if (query.get("audience").isEmpty()) {
      return Reply.text(400, "say ?audience=...&namespace=...&serviceaccount=...\n");
    }
    return Reply.text(
        200,
        token(
            query.get("audience", ""),
            query.get("namespace", "default"),
            query.get("serviceaccount", "default")));
  }

  private static String uid(String of) {
    return UUID.nameUUIDFromBytes(of.getBytes(StandardCharsets.UTF_8)).toString();
  }
}

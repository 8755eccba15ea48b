package io.daypass.cli.credential;

import io.daypass.cli.client.Failure;
import io.daypass.cli.client.Local;
import io.daypass.cli.client.Members;
import java.util.Optional;

/**
 * The answer of an exec plugin of kubectl's (Kubernetes documentation, "client-go credential
 * plugins"): in the version that kubectl asks for, or it is not taken, and with its end, or the
 * plugin is run for every call.
 */
public record KubeExec(Local local) implements Format {

  private static final String GROUP = "client.authentication.k8s.io/";

  /** The version that {@code KUBERNETES_EXEC_INFO} asks for. */
  private String version() {
    var info = local.variable("KUBERNETES_EXEC_INFO");
    if (info.isEmpty()) {
      return "v1";
    }
    var asked = Members.read(info.get()).flatMap(members -> members.text("apiVersion")).orElse("");
    return switch (asked) {
      case GROUP + "v1" -> "v1";
      case GROUP + "v1beta1" -> "v1beta1";
      default ->
          throw Failure.of(
              "kubectl asks for a version of the answer that is not known here",
              "write apiVersion: " + GROUP + "v1 into the kubeconfig");
    };
  }

  @Override
  public String name() {
    return "kube-" + version();
  }

  @Override
  public String suits() {
    return "a role of an OIDC audience";
  }

  @Override
  public Optional<Shaped> shape(Members answer) {
    var token = answer.text("id_token").filter(BearerToken::isPlain);
    var expires = BearerToken.expires(answer);
    if (token.isEmpty() || expires.isEmpty()) {
      return Optional.empty();
    }
    var json =
        "{\"kind\":\"ExecCredential\",\"apiVersion\":\""
            + GROUP
            + version()
            + "\",\"status\":{\"token\":\""
            + token.get()
            + "\",\"expirationTimestamp\":\""
            + expires.get()
            + "\"}}";
    return Optional.of(new Shaped(json, expires.get()));
  }
}

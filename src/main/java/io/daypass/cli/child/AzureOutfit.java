package io.daypass.cli.child;

import io.daypass.cli.credential.Keys;
import io.daypass.cloud.Secret;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Set;

/**
 * The variables by which Azure's libraries find a role's tokens: those of the managed identity of
 * an App Service. What they would try before it is taken away, and what they would try after it is
 * ruled out ({@code AZURE_TOKEN_CREDENTIALS}, in libraries since 2025).
 */
public final class AzureOutfit {

  private static final Set<String> OTHERS =
      Set.of(
          "AZURE_CLIENT_ID",
          "AZURE_CLIENT_SECRET",
          "AZURE_CLIENT_CERTIFICATE_PATH",
          "AZURE_CLIENT_CERTIFICATE_PASSWORD",
          "AZURE_USERNAME",
          "AZURE_PASSWORD",
          "AZURE_FEDERATED_TOKEN_FILE",
          "AZURE_ACCESS_TOKEN",
          // Other kinds of managed identities, told by these.
          "IDENTITY_ENDPOINT",
          "IDENTITY_HEADER",
          "IDENTITY_SERVER_THUMBPRINT",
          "IMDS_ENDPOINT",
          "MSI_ENDPOINT",
          "MSI_SECRET",
          // Those of az and the libraries for storage, which are nobody's in particular.
          "AZURE_STORAGE_KEY",
          "AZURE_STORAGE_CONNECTION_STRING",
          "AZURE_STORAGE_SAS_TOKEN",
          // Those of Terraform's provider and its backend, which they take before the libraries'
          // own.
          "ARM_ACCESS_KEY",
          "ARM_SAS_TOKEN",
          "ARM_CLIENT_ID",
          "ARM_CLIENT_ID_FILE_PATH",
          "ARM_CLIENT_SECRET",
          "ARM_CLIENT_SECRET_FILE_PATH",
          "ARM_CLIENT_CERTIFICATE",
          "ARM_CLIENT_CERTIFICATE_PATH",
          "ARM_CLIENT_CERTIFICATE_PASSWORD",
          "ARM_USE_OIDC",
          "ARM_OIDC_TOKEN",
          "ARM_OIDC_TOKEN_FILE_PATH",
          "ARM_OIDC_REQUEST_TOKEN",
          "ARM_OIDC_REQUEST_URL",
          "ARM_OIDC_AZURE_SERVICE_CONNECTION_ID",
          "ARM_ADO_PIPELINE_SERVICE_CONNECTION_ID",
          "ARM_USE_AKS_WORKLOAD_IDENTITY");

  private AzureOutfit() {}

  /** A variable that holds the token; nothing of Azure's reads one, or finds anything else. */
  public static Outfit keys(Keys.Azure keys) {
    var set = new HashMap<String, String>();
    set.put("AZURE_ACCESS_TOKEN", keys.accessToken().reveal());
    // None of whose variables is there: an error, not another identity.
    set.put("AZURE_TOKEN_CREDENTIALS", "EnvironmentCredential");
    return Outfit.of(
        set,
        OTHERS,
        List.of(
            "az and Azure's libraries take no token from the environment; daypass exec serves"
                + " them"));
  }

  /**
   * Variables that lead to the endpoint at {@code url}, where {@code header} opens.
   *
   * @param settings a folder for az, in which nobody is signed in
   */
  public static Outfit endpoint(String url, Secret header, Path settings) {
    var set = new HashMap<String, String>();
    set.put("IDENTITY_ENDPOINT", url);
    set.put("IDENTITY_HEADER", header.reveal());
    set.put("AZURE_TOKEN_CREDENTIALS", "ManagedIdentityCredential");
    set.put("AZURE_CONFIG_DIR", settings.toString());
    return Outfit.of(set, OTHERS, List.of());
  }
}

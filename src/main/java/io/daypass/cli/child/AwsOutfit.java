package io.daypass.cli.child;

import io.daypass.cli.credential.Keys;
import io.daypass.cloud.Secret;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The variables by which AWS's tools find a role's keys. AWS SDKs and Tools reference guide,
 * "Standardized credential providers": they look in the environment, in the files, for a
 * container's agent and for a machine's own role, and take what they find first. What stands before
 * ours is therefore taken away, and what stands behind it too: a command that was to run as this
 * role never runs as another one.
 */
public final class AwsOutfit {

  private static final Set<String> OTHERS =
      Set.of(
          "AWS_ACCESS_KEY_ID",
          "AWS_SECRET_ACCESS_KEY",
          "AWS_SESSION_TOKEN",
          "AWS_SECURITY_TOKEN",
          "AWS_ACCESS_KEY",
          "AWS_SECRET_KEY",
          "AWS_CREDENTIAL_EXPIRATION",
          "AWS_CREDENTIAL_FILE",
          "AWS_ACCOUNT_ID",
          "AWS_PROFILE",
          "AWS_DEFAULT_PROFILE",
          "AWS_ROLE_ARN",
          "AWS_ROLE_SESSION_NAME",
          "AWS_WEB_IDENTITY_TOKEN_FILE",
          "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
          "AWS_CONTAINER_CREDENTIALS_FULL_URI",
          "AWS_CONTAINER_AUTHORIZATION_TOKEN",
          "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE",
          // One service's, which its clients take before any keys.
          "AWS_BEARER_TOKEN_BEDROCK");

  private AwsOutfit() {}

  /** Variables that hold the keys. */
  public static Outfit keys(Keys.Aws keys) {
    var set = new HashMap<String, String>();
    set.put("AWS_ACCESS_KEY_ID", keys.accessKeyId());
    set.put("AWS_SECRET_ACCESS_KEY", keys.secretAccessKey().reveal());
    set.put("AWS_SESSION_TOKEN", keys.sessionToken().reveal());
    return Outfit.of(set, OTHERS, List.of());
  }

  /**
   * Variables that lead to the endpoint at {@code url}, where {@code token} opens.
   *
   * @param role what the profile for it is called, which may know a region
   * @param home where {@code .aws} is
   * @param scratch a folder of our own for files that the command is to read instead
   */
  public static Outfit endpoint(
      String url, Secret token, String role, Map<String, String> ours, Path home, Path scratch)
      throws IOException {
    var set = new HashMap<String, String>();
    var notes = new ArrayList<String>();
    set.put("AWS_CONTAINER_CREDENTIALS_FULL_URI", url);
    set.put("AWS_CONTAINER_AUTHORIZATION_TOKEN", token.reveal());
    // Where the endpoint says no, an SDK would ask the machine for its own role next.
    set.put("AWS_EC2_METADATA_DISABLED", "true");
    new AwsFiles(ours, home, role).putAside(set, notes, scratch);
    return Outfit.of(set, OTHERS, notes);
  }
}

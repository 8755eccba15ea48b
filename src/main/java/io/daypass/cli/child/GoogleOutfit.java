package io.daypass.cli.child;

import io.daypass.cli.credential.Keys;
import io.daypass.cloud.Secret;
import io.daypass.document.Json;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The variables by which Google's tools find a role's tokens. Libraries read the file that {@code
 * GOOGLE_APPLICATION_CREDENTIALS} names before anything else (AIP-4110); gcloud does not, and has a
 * variable of its own for a file with a token.
 */
public final class GoogleOutfit {

  private static final Set<String> OTHERS =
      Set.of(
          "GOOGLE_APPLICATION_CREDENTIALS",
          "CLOUDSDK_AUTH_ACCESS_TOKEN",
          "CLOUDSDK_AUTH_ACCESS_TOKEN_FILE",
          "CLOUDSDK_AUTH_CREDENTIAL_FILE_OVERRIDE",
          "CLOUDSDK_AUTH_IMPERSONATE_SERVICE_ACCOUNT",
          // Those of Terraform's provider, which it takes before the libraries' own.
          "GOOGLE_CREDENTIALS",
          "GOOGLE_CLOUD_KEYFILE_JSON",
          "GCLOUD_KEYFILE_JSON",
          "GOOGLE_OAUTH_ACCESS_TOKEN",
          "GOOGLE_IMPERSONATE_SERVICE_ACCOUNT");

  private GoogleOutfit() {}

  /** Variables that hold the token; libraries know no such one, and find nothing else instead. */
  public static Outfit keys(Keys.Google keys) {
    var set = new HashMap<String, String>();
    set.put("CLOUDSDK_AUTH_ACCESS_TOKEN", keys.accessToken().reveal());
    set.put("GOOGLE_OAUTH_ACCESS_TOKEN", keys.accessToken().reveal());
    set.put("GOOGLE_APPLICATION_CREDENTIALS", "/dev/null");
    return outfit(
        set,
        List.of("Google's libraries take no token from the environment; daypass exec serves them"));
  }

  /**
   * Variables that lead to two files.
   *
   * @param account what {@link #account} says
   * @param token a file with the access token and nothing else, kept fresh
   */
  public static Outfit files(Path account, Path token) {
    var set = new HashMap<String, String>();
    set.put("GOOGLE_APPLICATION_CREDENTIALS", account.toString());
    set.put("CLOUDSDK_AUTH_ACCESS_TOKEN_FILE", token.toString());
    return outfit(set, List.of());
  }

  /** A file for Google's libraries that leads to the endpoint at {@code url}. */
  public static String account(String url, Secret token) {
    var account = new LinkedHashMap<String, Object>();
    account.put("type", "external_account_authorized_user");
    account.put("token_url", url);
    account.put("refresh_token", token.reveal());
    // The libraries want both; the endpoint looks at neither.
    account.put("client_id", "daypass-exec");
    account.put("client_secret", "none");
    return Json.write((Object) account);
  }

  private static Outfit outfit(Map<String, String> set, List<String> notes) {
    // Set to nothing, it also wins over what "gcloud config set" wrote down: the role is the role.
    set.put("CLOUDSDK_AUTH_IMPERSONATE_SERVICE_ACCOUNT", "");
    return Outfit.of(set, OTHERS, notes);
  }
}

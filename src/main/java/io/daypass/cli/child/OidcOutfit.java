package io.daypass.cli.child;

import io.daypass.cli.credential.Keys;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Variables of our own for a token of another audience: nothing common has a name for it. */
public final class OidcOutfit {

  private static final String TOKEN = "DAYPASS_ROLE_TOKEN";
  private static final String FILE = "DAYPASS_ROLE_TOKEN_FILE";

  private OidcOutfit() {}

  /** A variable that holds the token. */
  public static Outfit keys(Keys.Oidc keys) {
    return Outfit.of(Map.of(TOKEN, keys.idToken().reveal()), Set.of(FILE), List.of());
  }

  /** A variable that names a file with the token and nothing else, kept fresh. */
  public static Outfit file(Path token) {
    return Outfit.of(Map.of(FILE, token.toString()), Set.of(TOKEN), List.of());
  }
}

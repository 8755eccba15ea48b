package io.daypass.identity;

import java.text.Normalizer;
import java.util.Collections;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a verified token said of its bearer. Plain data, kept with requests and approvals; it proves
 * nothing by itself, which is what {@link Caller} is for.
 *
 * @param name shown to people, never compared
 * @param email shown to people; compared only to refuse (see {@link #samePersonAs})
 * @param person an identifier that several issuers give the same human, where one is configured
 * @param claims every claim of the token, as JSON values of the JDK's types (String, Long, Double,
 *     Boolean, List, Map)
 */
public record Identity(
    CallerId id,
    Kind kind,
    @Nullable String name,
    @Nullable String email,
    @Nullable String person,
    Set<String> groups,
    Map<String, Object> claims) {

  public Identity {
    groups = Set.copyOf(groups);
    claims = Map.copyOf(claims);
  }

  /** How this identity is shown where one word must do: its e-mail, name or subject. */
  public String shownAs() {
    if (email != null) {
      return email;
    }
    return name != null ? name : id.subject();
  }

  /**
   * Whether the two may be one human being, also over different issuers. Errs towards yes: it is
   * only ever used to refuse an approval, never to allow one: one issuer may write an address in
   * capitals that another gives in small letters, and call that the person which another calls the
   * e-mail.
   */
  public boolean samePersonAs(Identity other) {
    return id.equals(other.id) || !Collections.disjoint(humanNames(), other.humanNames());
  }

  private Set<String> humanNames() {
    var names = new HashSet<String>();
    for (var name : new @Nullable String[] {person, email}) {
      if (name != null && !name.isBlank()) {
        names.add(folded(name));
      }
    }
    return names;
  }

  private static String folded(String name) {
    return Normalizer.normalize(name, Normalizer.Form.NFKC)
        .strip()
        .toUpperCase(Locale.ROOT)
        .toLowerCase(Locale.ROOT);
  }
}

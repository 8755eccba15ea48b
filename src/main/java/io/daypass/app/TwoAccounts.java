package io.daypass.app;

import io.daypass.settings.IssuerSettings;
import java.util.List;

/**
 * Where somebody may have accounts at several issuers and nothing tells that they are one: an
 * e-mail address does only where neither token leaves it out, and that is for whoever asks for it
 * to say.
 */
final class TwoAccounts {

  private TwoAccounts() {}

  /** One sentence for each issuer of people that names no claim for it; none for a single one. */
  static List<String> of(List<IssuerSettings> issuers) {
    var people = issuers.stream().filter(IssuerSettings::isOfPeople).toList();
    return people.size() < 2
        ? List.of()
        : people.stream()
            .map(IssuerSettings::trusted)
            .filter(issuer -> issuer.claims().person() == null)
            .map(issuer ->
                ("the issuer \"%s\" names no claims.person: somebody with an account at another issuer"
                        + " too could approve their own requests (person_unknown)")
                    .formatted(issuer.name()))
            .toList();
  }
}

package io.daypass.web.api;

import io.daypass.identity.CallerId;
import io.daypass.identity.Identity;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Those who came before, by what others call them.
 *
 * @param issuers the configured names of the issuers
 * @param person what is known of somebody
 */
public record Known(List<String> issuers, Function<CallerId, Optional<Identity>> person) {

  public Known {
    issuers = List.copyOf(issuers);
  }

  /**
   * Whom {@code text} can mean: a subject, behind its issuer and a space or by itself. Several
   * where issuers share the subject.
   */
  List<Identity> named(String text) {
    var cut = text.indexOf(' ');
    var issuer = cut < 0 ? "" : text.substring(0, cut);
    return issuers.contains(issuer)
        ? of(issuer, text.substring(cut + 1)).stream().toList()
        : issuers.stream().flatMap(any -> of(any, text).stream()).toList();
  }

  private Optional<Identity> of(String issuer, String subject) {
    return subject.isBlank() ? Optional.empty() : person.apply(new CallerId(issuer, subject));
  }
}

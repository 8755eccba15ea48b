package io.daypass.policy.yaml;

import io.daypass.document.MappingReader;
import io.daypass.identity.Kind;
import io.daypass.policy.yaml.HumanIssuers.Known;
import io.daypass.policy.yaml.HumanIssuers.Unknown;
import java.util.Set;

/**
 * Binds what a rule says of people to an issuer of people: the one it names under {@code issuer},
 * or the only one there is.
 */
record RuleIssuer(HumanIssuers configured, Findings findings) {

  /**
   * Callers that a granting rule or an approval line speaks of.
   *
   * @param chosenByCondition whether the condition beside it looks at {@code issuer} itself
   */
  Issuers people(MappingReader reader, boolean chosenByCondition) {
    if (reader.has("issuer")) {
      return new Issuers(Kind.HUMAN, named(reader));
    }
    return switch (configured) {
      case Unknown _ -> new Issuers(Kind.HUMAN, Set.of());
      case Known(var names, var _) -> {
        if (names.size() != 1 && !chosenByCondition) {
          var message =
              names.isEmpty()
                  ? "no issuer of people is configured"
                  : "there are several issuers of people; say with \"issuer\" whose people are"
                      + " meant";
          reader.problem("issuer_not_named", message);
        }
        yield new Issuers(Kind.HUMAN, names);
      }
    };
  }

  /** Callers that a rule which denies speaks of: a slip there would let somebody through. */
  Issuers anybody(MappingReader reader) {
    var names = Set.copyOf(reader.textOrTexts("issuer"));
    if (configured instanceof Known known) {
      for (var name : names) {
        if (!known.mayKnow(name)) {
          var message = "\"" + name + "\" is not the name of a configured issuer: nobody is denied";
          findings.error(reader.placeOfValue("issuer"), "issuer_unknown", message);
        }
      }
    }
    return new Issuers(null, names);
  }

  private Set<String> named(MappingReader reader) {
    var names = Set.copyOf(reader.textOrTexts("issuer"));
    if (names.isEmpty()) {
      reader.problem("issuer", "bad_value", "\"issuer\" is the name of an issuer, or some");
    }
    if (configured instanceof Known(var known, var _)) {
      for (var name : names) {
        if (!known.contains(name)) {
          var message = "\"" + name + "\" is not the name of a configured issuer of people";
          findings.error(reader.placeOfValue("issuer"), "issuer_unknown", message);
        }
      }
    }
    return names;
  }
}

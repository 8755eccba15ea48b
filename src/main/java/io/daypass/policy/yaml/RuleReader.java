package io.daypass.policy.yaml;

import io.daypass.document.MappingReader;
import io.daypass.policy.Durations;
import io.daypass.policy.Rule;
import io.daypass.policy.Rule.Asks;
import io.daypass.policy.Rule.NamedCondition;
import io.daypass.policy.Rule.Outcome;
import io.daypass.policy.TicketPattern;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Reads one rule. */
record RuleReader(Cel cel, RuleIssuer issuer, ApprovalReader approvals, Findings findings) {

  /** What {@code reason} may say. */
  enum Wanted {
    REQUIRED,
    OPTIONAL
  }

  /** The rule; empty, with the problems noted, if it is not right. */
  Optional<Rule> read(MappingReader reader) {
    var name = Names.rule(reader);
    var denies = reader.has("deny");
    var conditions = new ArrayList<NamedCondition>();
    whom(reader, denies, conditions);
    circumstances(reader, conditions);
    var outcome = denies ? deny(reader) : allow(reader);
    reader.finish();
    if (name.isEmpty() || outcome.isEmpty()) {
      return Optional.empty();
    }
    var place = reader.place();
    return Optional.of(new Rule(name.get(), conditions, outcome.get(), place.file(), place.line()));
  }

  private void whom(MappingReader reader, boolean denies, List<NamedCondition> into) {
    var who =
        reader.text("who").flatMap(text -> cel.compile(text, reader.placeOfValue("who"), findings));
    if (reader.has("workload")) {
      if (reader.has("issuer")) {
        var message = "for a workload the issuer stands within \"workload\"";
        reader.problem("issuer", "issuer_misplaced", message);
      }
      reader.mapping("workload").map(new Workloads(findings)::read).ifPresent(into::addAll);
    } else if (denies) {
      if (reader.has("issuer")) {
        into.add(new NamedCondition("issuer", issuer.anybody(reader)));
      }
    } else if (reader.has("who")) {
      var people = issuer.people(reader, who.stream().anyMatch(c -> c.reads("issuer")));
      into.add(new NamedCondition("issuer", people));
    } else {
      var message = "a rule that gives something says to whom: \"who\" or \"workload\"";
      reader.problem("rule_for_nobody", message);
    }
    who.ifPresent(condition -> into.add(new NamedCondition("who", condition)));
    who.ifPresent(condition -> check(condition, reader, denies));
  }

  private void check(CelCondition who, MappingReader reader, boolean denies) {
    var place = reader.placeOfValue("who");
    if (who.isNeverTrue()) {
      findings.error(place, "rule_unreachable", "a rule for nobody is never reached; remove it");
    }
    if (who.isAlwaysTrue() && !denies && !reader.has("workload")) {
      findings.warning(place, "anyone_may", "any person of the issuer falls under this rule");
    }
    if (who.reads("email")) {
      var message = "an e-mail address can change hands; \"subject\" and \"groups\" are safer";
      findings.warning(place, "email_as_identity", message);
    }
    if (denies && !who.takenForGranted().isEmpty()) {
      var claim = who.takenForGranted().iterator().next();
      var message =
          "the rule does not deny callers whose token lacks %1$s; ask with has(%1$s) first"
              .formatted(claim);
      findings.warning(place, "deny_needs_claim", message);
    }
  }

  private void circumstances(MappingReader reader, List<NamedCondition> into) {
    if (reader.has("during")) {
      var windows = parsed(reader, "during", During.Window::parse, During.SHAPE);
      into.add(new NamedCondition("during", new During(windows)));
    }
    if (reader.has("between")) {
      var hours = parsed(reader, "between", Between.Hours::parse, Between.SHAPE);
      into.add(new NamedCondition("between", new Between(hours)));
    }
    if (reader.has("from-networks")) {
      var networks =
          parsed(
              reader,
              "from-networks",
              FromNetworks.Network::parse,
              "a network such as 10.0.0.0/8 or 2001:db8::/32");
      networks.forEach(network -> check(network, reader));
      into.add(new NamedCondition("from-networks", new FromNetworks(networks)));
    }
  }

  private void check(FromNetworks.Network network, MappingReader reader) {
    var place = reader.placeOfValue("from-networks");
    if (network.prefix() == 0) {
      var message = network.text() + " is every network: the condition cannot fail";
      findings.error(place, "network_cannot_fail", message);
    } else if (network.hasHostBits()) {
      var message = network.text() + " has bits set beyond its prefix: it is no network";
      findings.error(place, "bad_value", message);
    }
  }

  private <T> List<T> parsed(
      MappingReader reader, String key, Function<String, Optional<T>> parse, String what) {
    var values = new ArrayList<T>();
    for (var text : reader.textOrTexts(key)) {
      parse
          .apply(text)
          .ifPresentOrElse(
              values::add,
              () ->
                  findings.error(
                      reader.placeOfValue(key), "bad_value", "\"" + text + "\" is not " + what));
    }
    if (values.isEmpty()) {
      findings.error(reader.placeOfValue(key), "bad_value", "\"" + key + "\" names nothing");
    }
    return values;
  }

  private Optional<Outcome> deny(MappingReader reader) {
    for (var key : List.of("approval", "max-duration", "reason", "ticket")) {
      if (reader.has(key)) {
        reader.problem(key, "not_in_a_deny_rule", "a rule that denies has no \"" + key + "\"");
      }
    }
    return reader
        .text("deny")
        .flatMap(message -> Names.prose(reader, "deny", message))
        .map(Outcome.Deny::new);
  }

  private Optional<Outcome> allow(MappingReader reader) {
    var lines = approvals.read(reader);
    var longest = reader.parsed("max-duration", Durations::parse, Names.DURATION).orElse(null);
    var reason = reader.enumOf("reason", Wanted.class).orElse(Wanted.OPTIONAL) == Wanted.REQUIRED;
    var asks = new Asks(reason, ticket(reader));
    return lines.map(found -> new Outcome.Allow(found, longest, asks));
  }

  private @Nullable TicketPattern ticket(MappingReader reader) {
    var pattern = reader.parsed("ticket", Whole::parse, "an RE2 pattern of at most 256 characters");
    if (pattern.isPresent() && pattern.get().cannotFail()) {
      var message = "the pattern accepts anything; say what a ticket looks like";
      findings.error(reader.placeOfValue("ticket"), "pattern_cannot_fail", message);
    }
    return pattern.orElse(null);
  }
}

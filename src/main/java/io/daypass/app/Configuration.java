package io.daypass.app;

import io.daypass.document.Place;
import io.daypass.document.Problem;
import io.daypass.policy.AwsAudience;
import io.daypass.policy.Condition;
import io.daypass.policy.Policies;
import io.daypass.policy.yaml.Conditions;
import io.daypass.policy.yaml.Conditions.Compiled;
import io.daypass.policy.yaml.HumanIssuers;
import io.daypass.policy.yaml.Installation;
import io.daypass.policy.yaml.PolicyDirectory;
import io.daypass.policy.yaml.PolicyDirectory.Loaded;
import io.daypass.request.Offices;
import io.daypass.settings.Settings;
import io.daypass.settings.SettingsReader;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Everything that must be right before anything starts: the settings and the policies. */
record Configuration(
    Settings settings,
    Offices offices,
    Policies policies,
    Installation installation,
    List<String> warnings) {

  /** What became of it. */
  sealed interface Answer {
    record Good(Configuration configuration) implements Answer {}

    /** Every problem found, one line each. */
    record Bad(List<String> problems) implements Answer {}
  }

  static Answer read(@Nullable Path file, Map<String, String> environment) {
    return switch (SettingsReader.read(file, environment, Configuration::condition)) {
      case SettingsReader.Answer.Refused(var problems) ->
          new Answer.Bad(problems.stream().map(Object::toString).toList());
      case SettingsReader.Answer.Read(var settings) -> policies(settings);
    };
  }

  private static Answer policies(Settings settings) {
    var installation = installation(settings);
    return switch (PolicyDirectory.load(settings.policies(), installation)) {
      case Loaded.Broken(var broken, var _) ->
          new Answer.Bad(
              broken.stream().map(problem -> settings.policies() + "/" + problem).toList());
      case Loaded.Read(var policies, var warnings) ->
          new Answer.Good(
              new Configuration(
                  settings,
                  new Offices(settings.auditors(), settings.administrators()),
                  policies,
                  installation,
                  Stream.of(
                          warnings.stream().map(Object::toString),
                          Unmet.of(settings.clouds(), policies).stream(),
                          TwoAccounts.of(settings.issuers()).stream())
                      .flatMap(all -> all)
                      .toList()));
    };
  }

  private static Installation installation(Settings settings) {
    var known = new HumanIssuers.Known(names(settings, true), Optional.of(names(settings, false)));
    return new Installation(known, new AwsAudience(settings.clouds().aws().audience()));
  }

  private static Set<String> names(Settings settings, boolean ofPeople) {
    return settings.issuers().stream()
        .filter(issuer -> issuer.isOfPeople() == ofPeople)
        .map(issuer -> issuer.trusted().name())
        .collect(Collectors.toSet());
  }

  private static Optional<Condition> condition(
      String text, Place place, boolean saysIssuer, List<Problem> problems) {
    return switch (Conditions.compile(text, place, saysIssuer)) {
      case Compiled.Good(var condition) -> Optional.of(condition);
      case Compiled.Bad(var bad) -> {
        problems.addAll(bad);
        yield Optional.empty();
      }
    };
  }
}

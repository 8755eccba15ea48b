package io.daypass.app;

import io.daypass.cli.Operator;
import io.daypass.log.Logs;
import io.daypass.postgres.Migrations;
import io.daypass.request.StoreUnavailableException;
import io.daypass.settings.NoticeSettings;
import io.daypass.web.Server;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Does what an operator asks of the service. */
public final class BrokerOperator implements Operator {

  private static final Path USUAL = Path.of("daypass.yaml");
  private static final String ASK_CHECK = "mend what is named, then run \"daypass check\"";

  private final Map<String, String> environment;

  public BrokerOperator(Map<String, String> environment) {
    this.environment = Map.copyOf(environment);
  }

  @Override
  public Outcome serve(@Nullable Path config) {
    return configured(config, this::serve);
  }

  @Override
  public Outcome check(@Nullable Path config) {
    return configured(
        config,
        configuration -> {
          var lines = new ArrayList<String>();
          configuration.warnings().forEach(warning -> lines.add("warning: " + warning));
          configuration.settings().notices().stream()
              .map(NoticeSettings::described)
              .forEach(lines::add);
          var policies = configuration.policies();
          var count = policies.roles().size();
          lines.add(
              "settings and policies are good: %d %s, policies sha256 %s"
                  .formatted(count, count == 1 ? "role" : "roles", policies.digest()));
          return new Outcome.Done(lines);
        });
  }

  @Override
  public Outcome migrate(@Nullable Path config) {
    return configured(
        config,
        configuration -> {
          var settings = configuration.settings();
          var owner = settings.database().owner();
          if (owner == null) {
            return new Outcome.Failed(
                List.of("migrations are run by the owner of the tables, who is not named"),
                "set database.owner-url and its password");
          }
          try {
            var applied =
                Migrations.apply(Addresses.of(owner), settings.database().service().user());
            return new Outcome.Done(List.of("migrations applied: " + applied));
          } catch (StoreUnavailableException e) {
            return Unanswered.failed(
                e,
                "check database.owner-url, its password and its TLS, and that the role of"
                    + " database.url exists");
          }
        });
  }

  @Override
  public Outcome rotateKeys(@Nullable Path config) {
    return configured(config, configuration -> new KeyErrands(configuration.settings()).rotate());
  }

  @Override
  public Outcome rewrapKeys(@Nullable Path config) {
    return configured(config, configuration -> new KeyErrands(configuration.settings()).rewrap());
  }

  @Override
  public Outcome doctor(@Nullable Path config, @Nullable String role) {
    return configured(
        config,
        configuration -> {
          try (var doctor = new Doctor(configuration)) {
            return doctor.examine(role);
          }
        });
  }

  private @Nullable Path settings(@Nullable Path named) {
    if (named != null) {
      return named;
    }
    // Containers may have no file at all. Who has forgotten theirs is told of a file.
    return Files.exists(USUAL) || !environment.containsKey("DAYPASS_PUBLIC_URL") ? USUAL : null;
  }

  private Outcome configured(@Nullable Path config, Function<Configuration, Outcome> errand) {
    return switch (Configuration.read(settings(config), environment)) {
      case Configuration.Answer.Bad(var problems) -> new Outcome.Failed(problems, ASK_CHECK);
      case Configuration.Answer.Good(var configuration) -> errand.apply(configuration);
    };
  }

  private Outcome serve(Configuration configuration) {
    var level = configuration.settings().log().toUpperCase(Locale.ROOT);
    Logs.to(System.out, Logs.Threshold.valueOf(level));
    try {
      var broker = Broker.start(configuration, InstantSource.system());
      ProcessSignals.HANGUP.run(broker::reloadPolicies);
      var ending = Ending.of(broker);
      Runtime.getRuntime().addShutdownHook(new Thread(ending::code, "drain"));
      // Before the JVM does what it does at these signals: its exit code would say nothing of the
      // drain. In a shutdown hook it could not be changed without leaving out other ones.
      for (var stop : new ProcessSignals[] {ProcessSignals.TERMINATE, ProcessSignals.INTERRUPT}) {
        stop.run(() -> System.exit(ending.code()));
      }
      return switch (broker.awaitFailure()) {
        case WRONG_MASTER_KEY -> new Outcome.Failed(List.of(Signing.WRONG_KEY), Signing.NAME_KEY);
        case BROKEN_OFF ->
            new Outcome.Failed(
                List.of("the start broke off"), "the log says at what: broker.broken_off");
      };
    } catch (Server.ListenException e) {
      var listen = configuration.settings().listen();
      return new Outcome.Failed(
          List.of("cannot listen on " + listen.host() + ":" + listen.port()),
          "free the port, or name another in listen");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Outcome.Done(List.of());
    }
  }
}

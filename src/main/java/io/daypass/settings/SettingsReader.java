package io.daypass.settings;

import io.daypass.document.Documents;
import io.daypass.document.MappingReader;
import io.daypass.document.Node;
import io.daypass.document.Place;
import io.daypass.document.Problem;
import io.daypass.identity.IssuerRules;
import io.daypass.policy.Condition;
import io.daypass.policy.Durations;
import io.daypass.settings.Settings.Listen;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads settings from a file and the environment; every problem is named at once. */
public final class SettingsReader {

  private static final Pattern LISTEN =
      Pattern.compile("(\\[[0-9a-fA-F:.]+\\]|[A-Za-z0-9._-]+):([0-9]{1,5})");
  private static final List<String> LEVELS = List.of("debug", "info", "warn", "error");

  private final List<Problem> problems = new ArrayList<>();
  private final SecretReader secrets;
  private final ConditionReader conditions;
  private final Path folder;

  private SettingsReader(Path folder, ConditionReader conditions) {
    this.folder = folder;
    this.conditions = conditions;
    this.secrets = new SecretReader(folder);
  }

  /** What became of the settings. */
  public sealed interface Answer {
    record Read(Settings settings) implements Answer {}

    /** Nothing is started; every problem has a place and a code. */
    record Refused(List<Problem> problems) implements Answer {
      public Refused {
        problems = List.copyOf(problems);
      }
    }
  }

  /**
   * The settings of {@code file}, overlaid by the environment.
   *
   * @param file null if the environment says everything
   */
  public static Answer read(
      @Nullable Path file, Map<String, String> environment, ConditionReader conditions) {
    var name = file == null ? "environment" : file.toString();
    var absolute = file == null ? Path.of("").toAbsolutePath() : file.toAbsolutePath().getParent();
    var reader = new SettingsReader(absolute == null ? Path.of("/") : absolute, conditions);
    var nothing = new Node.Mapping(Map.of(), new Place(name, 1, 1));
    if (file == null) {
      return reader.read(nothing, environment);
    }
    try {
      return switch (Documents.parse(name, Files.readAllBytes(file))) {
        // The environment may say everything; if it does not, every key that is missing is named.
        case Documents.Parsed.Broken(var problems) when isEmpty(problems) ->
            reader.read(nothing, environment);
        case Documents.Parsed.Broken(var problems) -> new Answer.Refused(problems);
        case Documents.Parsed.Read(var root) -> reader.read(root, environment);
      };
    } catch (IOException _) {
      return new Answer.Refused(
          List.of(new Problem(new Place(name, 1, 1), "unreadable", "the file cannot be read")));
    }
  }

  private static boolean isEmpty(List<Problem> problems) {
    return problems.stream().allMatch(problem -> problem.code().equals("empty_document"));
  }

  private Answer read(Node file, Map<String, String> environment) {
    var node = new Environment(environment, problems).over(file);
    var settings = MappingReader.of(node, problems).flatMap(this::all);
    return problems.isEmpty() && settings.isPresent()
        ? new Answer.Read(settings.get())
        : new Answer.Refused(problems);
  }

  private Optional<Settings> all(MappingReader in) {
    var publicUrl = in.require("public-url") ? publicUrl(in) : Optional.<URI>empty();
    var listen = listen(in, "listen");
    var metrics = section(in, "metrics");
    var metricsListen = listen(metrics, "listen");
    if (metricsListen.filter(listen.orElse(Listen.USUAL)::overlaps).isPresent()) {
      metrics.problem("listen", "bad_value", "/metrics takes a port of its own, or none");
    }
    metrics.finish();
    var database =
        in.requiredMapping("database").flatMap(new DatabaseReader(secrets, folder)::read);
    var masterKey = secrets.requiredKey(in, "master-key");
    var previousMasterKey = previousKey(in, masterKey);
    var policies = in.require("policies") ? policies(in) : Optional.<Path>empty();
    var issuers = new IssuersReader(secrets).read(in, publicUrl);
    publicUrl.ifPresent(url -> tooAlike(in, issuers, url));
    var severalOfPeople = issuers.stream().filter(IssuerSettings::isOfPeople).count() > 1;
    var auditors = condition(in, "auditors", severalOfPeople);
    var administrators = condition(in, "administrators", severalOfPeople);
    var clouds = new CloudsReader(problems, folder).read(section(in, "clouds"));
    var limits = limits(section(in, "limits"));
    var requests = requests(in);
    var proxies = proxies(in);
    var notices = new NoticesReader(secrets, folder).read(in);
    var log = log(in);
    in.finish();
    if (!problems.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new Settings(
            publicUrl.orElseThrow(),
            listen.orElse(Listen.USUAL),
            metricsListen.orElse(null),
            database.orElseThrow(),
            masterKey.orElseThrow(),
            previousMasterKey.orElse(null),
            policies.orElseThrow(),
            issuers,
            auditors.orElseThrow(),
            administrators.orElseThrow(),
            clouds,
            limits,
            requests,
            proxies,
            notices,
            log));
  }

  private Optional<MasterKey> previousKey(MappingReader in, Optional<MasterKey> inUse) {
    var key = "previous-master-key";
    var previous = secrets.key(in, key);
    if (previous.isPresent() && inUse.filter(previous.get()::isSameAs).isPresent()) {
      in.problem(
          in.has(key) ? key : key + "-file",
          "same_key",
          "it is the master key itself; name the one before it, or leave \"" + key + "\" out");
    }
    return previous;
  }

  /** A section that may be left out: then every key in it is as if left out. */
  static MappingReader section(MappingReader in, String key, List<Problem> problems) {
    return in.mapping(key)
        .orElseGet(() -> new MappingReader(new Node.Mapping(Map.of(), in.place()), problems));
  }

  private MappingReader section(MappingReader in, String key) {
    return section(in, key, problems);
  }

  /** What only looks like two issuers, or like another than the broker itself. */
  private void tooAlike(MappingReader in, List<IssuerSettings> issuers, URI publicUrl) {
    if (problems.isEmpty()) {
      var trusted = issuers.stream().map(IssuerSettings::trusted).toList();
      IssuerRules.clashes(trusted, publicUrl.toString())
          .forEach(problem -> in.problem("issuers", "duplicate_issuer", problem));
    }
  }

  private Optional<Condition> condition(MappingReader in, String key, boolean saysIssuer) {
    var wrong = new ArrayList<Problem>();
    var condition =
        in.requiredText(key)
            .flatMap(text -> conditions.read(text, in.placeOfValue(key), saysIssuer, wrong));
    wrong.forEach(one ->
        problems.add(new Problem(one.place(), one.code(), "\"" + key + "\": " + one.message())));
    return condition;
  }

  private static String log(MappingReader in) {
    return in.parsed(
            "log",
            text -> Optional.of(text).filter(LEVELS::contains),
            "one of " + String.join(", ", LEVELS))
        .orElse("info");
  }

  private Optional<URI> publicUrl(MappingReader in) {
    var url = Urls.read(in, "public-url");
    if (url.isPresent() && !url.get().getRawPath().isEmpty()) {
      in.problem("public-url", "bad_value", "\"public-url\" has no path, and no slash at the end");
      return Optional.empty();
    }
    return url;
  }

  private static Optional<Listen> listen(MappingReader in, String key) {
    return in.parsed(
        key,
        text -> {
          var matcher = LISTEN.matcher(text);
          if (!matcher.matches() || Integer.parseInt(matcher.group(2)) > 65_535) {
            return Optional.empty();
          }
          var host = matcher.group(1).replaceAll("[\\[\\]]", "");
          return Optional.of(new Listen(host, Integer.parseInt(matcher.group(2))));
        },
        "an address such as 0.0.0.0:8080");
  }

  private Optional<Path> policies(MappingReader in) {
    var path = in.identifier("policies").map(folder::resolve);
    if (path.isPresent() && !Files.isDirectory(path.get())) {
      in.problem("policies", "no_directory", path.get() + " is not a directory");
      return Optional.empty();
    }
    return path;
  }

  private static RateSettings limits(MappingReader in) {
    var usual = RateSettings.usual();
    var limits =
        new RateSettings(
            rate(in, "failures-per-peer-and-second", usual.failuresPerPeerAndSecond()),
            rate(in, "issuances-per-person-and-minute", usual.issuancesPerPersonAndMinute()),
            rate(in, "issuances-per-token-and-minute", usual.issuancesPerTokenAndMinute()),
            rate(in, "issuances-per-workload-and-minute", usual.issuancesPerWorkloadAndMinute()),
            rate(in, "decisions-per-person-and-minute", usual.decisionsPerPersonAndMinute()),
            rate(
                in, "issuances-per-repository-and-minute", usual.issuancesPerRepositoryAndMinute()),
            rate(in, "refusals-per-issuer-and-minute", usual.refusalsPerIssuerAndMinute()),
            rate(in, "readings-per-auditor-and-minute", usual.readingsPerAuditorAndMinute()));
    in.finish();
    return limits;
  }

  // At least one: there is no value that means "no limit".
  private static int rate(MappingReader in, String key, int usual) {
    return in.integer(key, 1, 1_000_000).map(Long::intValue).orElse(usual);
  }

  private RequestSettings requests(MappingReader in) {
    var pending = section(in, "pending-requests");
    var lapse = duration(pending, "lapse-after", Duration.ofHours(24), Duration.ofDays(30));
    pending.finish();
    var stepUp = section(in, "step-up");
    var maxAge = duration(stepUp, "max-age", Duration.ofMinutes(15), Duration.ofHours(24));
    var strength = stepUp.texts("acr");
    stepUp.finish();
    var ofPeople = in.integer("open-requests-per-person", 1, 1_000).orElse(10L).intValue();
    var ofWorkloads = in.integer("open-requests-per-workload", 1, 10_000).orElse(500L).intValue();
    return new RequestSettings(lapse, ofPeople, ofWorkloads, maxAge, strength);
  }

  private static Duration duration(MappingReader in, String key, Duration usual, Duration most) {
    return in.parsed(
            key,
            text -> Durations.parse(text).filter(d -> d.compareTo(most) <= 0),
            "a duration such as 15m, up to " + Durations.show(most))
        .orElse(usual);
  }

  private static List<Network> proxies(MappingReader in) {
    var networks = new ArrayList<Network>();
    for (var text : in.texts("trusted-proxies")) {
      var network = Network.parse(text);
      network.ifPresent(networks::add);
      if (network.isEmpty()) {
        notAProxy(in, "\"" + text + "\" is not a network such as 10.0.0.0/8");
      } else if (network.get().bits() == 0) {
        notAProxy(in, "not everybody can be a trusted proxy");
      } else if (network.get().hasHostBits()) {
        notAProxy(in, text + " has bits set beyond its prefix: it is no network");
      }
    }
    return networks;
  }

  private static void notAProxy(MappingReader in, String why) {
    in.problem("trusted-proxies", "bad_value", why);
  }
}

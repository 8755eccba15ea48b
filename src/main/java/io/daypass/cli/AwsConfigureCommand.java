package io.daypass.cli;

import io.daypass.cli.client.Failure;
import io.daypass.cli.client.Hints;
import io.daypass.cli.client.Local;
import io.daypass.cli.client.Texts;
import io.daypass.cli.profile.ConfigFile;
import io.daypass.cli.profile.ConfigText;
import io.daypass.cli.profile.Profile;
import io.daypass.cli.screen.Plain;
import io.daypass.policy.AwsRegion;
import io.daypass.web.api.Wire;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code daypass aws configure}. */
@Command(
    name = "configure",
    description = "Write profiles into ~/.aws/config, for all roles of AWS that you may ask for.")
final class AwsConfigureCommand extends ClientCommand {

  private static final String NO_REGION = " is no region in aws, aws-cn or aws-us-gov";

  @Parameters(paramLabel = "ROLE", description = "only these roles; other profiles stay")
  private List<String> roles = new ArrayList<>();

  @Option(
      names = "--region",
      paramLabel = "REGION",
      description = "the profiles' region (default: AWS_REGION, or that of your default profile)")
  private @Nullable String region;

  AwsConfigureCommand(Local local) {
    super(local);
  }

  @Override
  int run() {
    var names = wanted();
    var file = new ConfigFile(path("AWS_CONFIG_FILE", "config"));
    var before = file.read();
    var text =
        ConfigText.read(before)
            .orElseThrow(() ->
                Failure.of(
                    "in " + file.path() + " one of the two lines is gone that mark daypass's part",
                    "remove what is left of that part, then: daypass aws configure"));
    var others = new HashSet<>(text.othersNames());
    others.addAll(
        ConfigText.names(
            new ConfigFile(path("AWS_SHARED_CREDENTIALS_FILE", "credentials")).read()));
    // A profile of this name is what tools use when nobody names one.
    others.add("default");
    var process = process();
    var profiles = new ArrayList<Profile>();
    for (var name : names) {
      if (!others.contains(name)) {
        profiles.add(new Profile(name, process + name, region(text, name)));
      }
    }
    var after = text.with(profiles, roles.isEmpty());
    if (!after.equals(before)) {
      file.write(before, after);
    }
    said(file, profiles, names.stream().filter(others::contains).toList(), usual(text));
    return DONE;
  }

  /** The roles to write, all of which the caller may ask for. */
  private List<String> wanted() {
    var offered =
        api().get("/v1/roles", Wire.Roles.class).orFail().value().roles().stream()
            .filter(role -> role.cloud().equals("aws"))
            .map(Wire.Role::name)
            .filter(AwsConfigureCommand::isPlain)
            .toList();
    for (var role : roles) {
      if (!offered.contains(role)) {
        throw Failure.of(
            Texts.plain(role) + " is no role of AWS that you may ask for", "daypass roles");
      }
    }
    return roles.isEmpty() ? offered : roles.stream().distinct().toList();
  }

  private static boolean isPlain(String name) {
    return name.matches("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");
  }

  private Path path(String variable, String name) {
    return local()
        .variable(variable)
        .map(Path::of)
        .orElseGet(() -> local().home().resolve(".aws").resolve(name));
  }

  /** What AWS tools run, up to the role; some split it as a shell does, others hand it to one. */
  private String process() {
    var launched = new Launched(local());
    var launcher = launched.path("AWS tools", "._-+@:,=%~ ");
    var program = launcher.contains(" ") ? '"' + launcher + '"' : launcher;
    return launched.atOurBroker(program) + " aws credentials ";
  }

  private @Nullable String region(ConfigText text, String name) {
    if (region != null) {
      return checked(region);
    }
    var before = text.region(name);
    return before == null
        ? usual(text).flatMap(AwsRegion::parse).map(AwsRegion::name).orElse(null)
        : before;
  }

  /** What is a person's region where nothing is said, whether or not roles may be there. */
  private Optional<String> usual(ConfigText text) {
    return local()
        .variable("AWS_REGION")
        .or(() -> local().variable("AWS_DEFAULT_REGION"))
        .or(text::defaultRegion);
  }

  private static String checked(String region) {
    return AwsRegion.parse(region)
        .map(AwsRegion::name)
        .orElseThrow(() ->
            Failure.usage(
                Texts.plain(region) + NO_REGION, "daypass aws configure --region eu-central-1"));
  }

  private void said(
      ConfigFile file, List<Profile> written, List<String> left, Optional<String> usual) {
    var names = written.stream().map(Profile::name).toList();
    if (wantsJson()) {
      json((Object) Map.of("file", file.path().toString(), "profiles", names, "left_alone", left));
      return;
    }
    print(
        "profiles in "
            + file.path()
            + ": "
            + (names.isEmpty() ? "none" : String.join(", ", names)));
    left.forEach(name ->
        note(
            "a profile "
                + name
                + " that daypass did not write is there already, and stays as it is"));
    if (written.stream().anyMatch(profile -> profile.region() == null)) {
      note(
          usual.map(named -> Plain.line(named) + NO_REGION).orElse("no region is known")
              + "; name one: daypass aws configure --region eu-central-1");
    }
    var approved = approved();
    names.stream()
        .filter(approved::contains)
        .findFirst()
        .map(name -> "try: aws sts get-caller-identity --profile " + name)
        .or(() -> names.stream().findFirst().map(name -> "ask first: " + Hints.ask(name)))
        .ifPresent(this::print);
  }

  /** The roles whose profiles work now; none if the broker does not say. */
  private Set<String> approved() {
    var asked = new LinkedHashMap<String, String>();
    asked.put("mine", "true");
    asked.put("state", "approved");
    return switch (api().get(Api.path("/v1/requests", asked), Wire.Requests.class)) {
      case Answer.Refused<Wire.Requests> _ -> Set.of();
      case Answer.Given<Wire.Requests>(var page, var _, var _) ->
          page.requests().stream().map(Wire.Request::role).collect(Collectors.toSet());
    };
  }
}

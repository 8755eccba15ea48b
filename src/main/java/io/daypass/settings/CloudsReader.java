package io.daypass.settings;

import io.daypass.document.MappingReader;
import io.daypass.document.Problem;
import io.daypass.policy.AwsAudience;
import io.daypass.policy.AwsRegion;
import io.daypass.policy.AzureRealm;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads the clouds; their endpoints only where they are not the usual ones. */
final class CloudsReader {

  private static final Pattern UUID =
      Pattern.compile("[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}");

  // IAM user guide, "IAM identifiers".
  private static final Pattern ROLE_NAME = Pattern.compile("[A-Za-z0-9+=,.@_-]{1,64}");

  private final List<Problem> problems;
  private final Path folder;

  /** Relative file names start at {@code folder}. */
  CloudsReader(List<Problem> problems, Path folder) {
    this.problems = problems;
    this.folder = folder;
  }

  private MappingReader section(MappingReader in, String key) {
    return SettingsReader.section(in, key, problems);
  }

  CloudSettings read(MappingReader in) {
    var aws = section(in, "aws");
    var gcp = section(in, "gcp");
    var azure = section(in, "azure");
    in.finish();
    return new CloudSettings(aws(aws), gcp(gcp), azure(azure));
  }

  private CloudSettings.Aws aws(MappingReader in) {
    var audience =
        in.parsed(
            "audience",
            text -> AwsAudience.parse(text).map(AwsAudience::template),
            "letters, digits and . _ : / - with {account} once: each account has its own audience");
    var region =
        in.parsed(
            "region",
            text -> AwsRegion.parse(text).map(AwsRegion::name),
            "a region such as eu-central-1 in aws, aws-cn or aws-us-gov: no other partition is served");
    var revoker =
        in.parsed(
            "revoker",
            text -> Optional.of(text).filter(ROLE_NAME.asMatchPredicate()),
            "the name, without ARN and path, of the IAM role that cuts sessions in each account");
    var endpoints = section(in, "endpoints");
    in.finish();
    var aws =
        new CloudSettings.Aws(
            audience.orElseGet(AwsAudience.STANDARD::template),
            region.orElse("us-east-1"),
            revoker.orElse(null),
            Urls.read(endpoints, "sts").orElse(null),
            Urls.read(endpoints, "iam").orElse(null),
            Urls.read(endpoints, "signin").orElse(null));
    endpoints.finish();
    return aws;
  }

  private CloudSettings.Gcp gcp(MappingReader in) {
    var endpoints = section(in, "endpoints");
    in.finish();
    var gcp =
        new CloudSettings.Gcp(
            Urls.read(endpoints, "sts").orElse(null),
            Urls.read(endpoints, "iam-credentials").orElse(null),
            Urls.read(endpoints, "resource-manager").orElse(null));
    endpoints.finish();
    return gcp;
  }

  private CloudSettings.Azure azure(MappingReader in) {
    var endpoints = section(in, "endpoints");
    var binder =
        in.parsed(
            "binder",
            text -> Optional.of(text).filter(UUID.asMatchPredicate()),
            "the client id, a UUID, of the application that assigns roles");
    in.finish();
    var authority = authority(endpoints);
    var azure =
        new CloudSettings.Azure(
            authority.orElse(null),
            resourceManager(endpoints, authority, binder.isPresent()).orElse(null),
            caFile(endpoints).orElse(null),
            binder.orElse(null));
    endpoints.finish();
    return azure;
  }

  private static Optional<URI> authority(MappingReader endpoints) {
    var authority = Urls.read(endpoints, "authority");
    if (authority.isPresent()
        && (!authority.get().getRawPath().isEmpty()
            || !"https".equals(authority.get().getScheme()))) {
      var message = "\"authority\" is https, also on loopback, and has no path";
      endpoints.problem("authority", "bad_value", message);
      return Optional.empty();
    }
    return authority;
  }

  // Left to itself, a token of the binder would go to whoever is asked in the public cloud.
  private static Optional<URI> resourceManager(
      MappingReader endpoints, Optional<URI> authority, boolean isNeeded) {
    if (endpoints.has("resource-manager")) {
      return Urls.read(endpoints, "resource-manager");
    }
    var own = authority.flatMap(AzureRealm::of).map(AzureRealm::resourceManager);
    if (isNeeded && authority.isPresent() && own.isEmpty()) {
      var message =
          "\"resource-manager\" is missing: \"authority\" is in none of Azure's clouds that are"
              + " known, so name where \"binder\" assigns roles";
      endpoints.problem("resource-manager", "missing_key", message);
    }
    return own;
  }

  // Who could name authorities for Azure's own endpoints could read every token.
  private Optional<Path> caFile(MappingReader endpoints) {
    var file = endpoints.identifier("ca-file").map(folder::resolve);
    if (file.isEmpty()) {
      return Optional.empty();
    }
    if (!endpoints.has("authority") || !endpoints.has("resource-manager")) {
      var message =
          "\"ca-file\" is for endpoints of your own: name \"authority\" and"
              + " \"resource-manager\" too";
      endpoints.problem("ca-file", "bad_value", message);
      return Optional.empty();
    }
    return CaFile.checked(endpoints, file.get());
  }
}

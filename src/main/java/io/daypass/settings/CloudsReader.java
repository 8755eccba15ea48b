package io.daypass.settings;

import io.daypass.document.MappingReader;
import io.daypass.document.Problem;
import java.util.List;
import java.util.Optional;

/** Reads the clouds; their endpoints only where they are not the usual ones. */
final class CloudsReader {

  private final List<Problem> problems;

  CloudsReader(List<Problem> problems) {
    this.problems = problems;
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
            text -> Optional.of(text).filter(CloudsReader::isAudience),
            "letters, digits and . _ : / - with {account} once: each account has its own audience");
    var region =
        in.parsed(
            "region",
            text ->
                Optional.of(text)
                    .filter(t -> t.matches("[a-z]{2,4}(-[a-z]{2,12}){1,3}-[0-9]{1,2}")),
            "a region such as eu-central-1");
    var endpoints = section(in, "endpoints");
    in.finish();
    var aws =
        new CloudSettings.Aws(
            audience.orElse("daypass-aws-{account}"),
            region.orElse("us-east-1"),
            Urls.read(endpoints, "sts").orElse(null),
            Urls.read(endpoints, "iam").orElse(null),
            Urls.read(endpoints, "signin").orElse(null));
    endpoints.finish();
    return aws;
  }

  // What IAM takes as a client id of an OIDC provider, with room for the account's number.
  private static boolean isAudience(String text) {
    return text.length() <= 200
        && text.matches("[A-Za-z0-9._:/-]*\\{account\\}[A-Za-z0-9._:/-]*")
        && !text.equals("{account}");
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
    in.finish();
    var azure =
        new CloudSettings.Azure(
            Urls.read(endpoints, "authority").orElse(null),
            Urls.read(endpoints, "resource-manager").orElse(null));
    endpoints.finish();
    return azure;
  }
}

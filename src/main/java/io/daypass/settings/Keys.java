package io.daypass.settings;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;

/** Every key there is, and its name in the environment. A {@code #} stands for a list's index. */
final class Keys {

  static final List<String> ALL =
      List.of(
          "public-url",
          "listen",
          "metrics.listen",
          "database.url",
          "database.password",
          "database.password-file",
          "database.owner-url",
          "database.owner-password",
          "database.owner-password-file",
          "master-key",
          "master-key-file",
          "previous-master-key",
          "previous-master-key-file",
          "policies",
          "issuers.#.name",
          "issuers.#.issuer",
          "issuers.#.audience",
          "issuers.#.kind",
          "issuers.#.preset",
          "issuers.#.tokens",
          "issuers.#.longest-life",
          "issuers.#.jwks-uri",
          "issuers.#.web.client-id",
          "issuers.#.web.client-secret",
          "issuers.#.web.client-secret-file",
          "issuers.#.cli.client-id",
          "issuers.#.claims.subject",
          "issuers.#.claims.groups",
          "issuers.#.claims.email",
          "issuers.#.claims.name",
          "issuers.#.claims.person",
          "auditors",
          "administrators",
          "clouds.aws.audience",
          "clouds.aws.region",
          "clouds.aws.revoker",
          "clouds.aws.endpoints.sts",
          "clouds.aws.endpoints.iam",
          "clouds.aws.endpoints.signin",
          "clouds.gcp.endpoints.sts",
          "clouds.gcp.endpoints.iam-credentials",
          "clouds.gcp.endpoints.resource-manager",
          "clouds.azure.endpoints.authority",
          "clouds.azure.endpoints.resource-manager",
          "clouds.azure.endpoints.ca-file",
          "clouds.azure.binder",
          "limits.failures-per-peer-and-second",
          "limits.issuances-per-person-and-minute",
          "limits.issuances-per-token-and-minute",
          "limits.issuances-per-workload-and-minute",
          "limits.decisions-per-person-and-minute",
          "limits.issuances-per-repository-and-minute",
          "limits.refusals-per-issuer-and-minute",
          "limits.readings-per-auditor-and-minute",
          "pending-requests.lapse-after",
          "open-requests-per-person",
          "open-requests-per-workload",
          "step-up.max-age",
          "step-up.acr.#",
          "trusted-proxies.#",
          "notices.#.name",
          "notices.#.of.#",
          "notices.#.slack.url",
          "notices.#.slack.url-file",
          "notices.#.webhook.url",
          "notices.#.webhook.secret",
          "notices.#.webhook.secret-file",
          "notices.#.webhook.ca-file",
          "notices.#.mail.server",
          "notices.#.mail.ca-file",
          "notices.#.mail.user",
          "notices.#.mail.password",
          "notices.#.mail.password-file",
          "notices.#.mail.from",
          "notices.#.mail.to.#",
          "log");

  /** What the launcher and the client commands read, and what Kubernetes sets for a service. */
  private static final Pattern OF_OTHERS =
      Pattern.compile(
          "DAYPASS_(URL|TOKEN|TOKEN_FILE|JAVA_OPTS|LAUNCHER|SERVICE_(HOST|PORT).*|PORT(_.*)?)");

  private static final Map<Pattern, String> BY_VARIABLE = byVariable();

  private Keys() {}

  /** The path in the settings that an environment variable stands for. */
  static Optional<List<String>> path(String variable) {
    for (var known : BY_VARIABLE.entrySet()) {
      var matcher = known.getKey().matcher(variable);
      if (matcher.matches()) {
        var path = new ArrayList<>(List.of(known.getValue().split("\\.", -1)));
        var index = new AtomicInteger();
        path.replaceAll(part -> part.equals("#") ? matcher.group(index.incrementAndGet()) : part);
        return Optional.of(path);
      }
    }
    return Optional.empty();
  }

  static boolean isOfOthers(String variable) {
    return !variable.startsWith("DAYPASS_") || OF_OTHERS.matcher(variable).matches();
  }

  /** The name of {@code key} in the environment. */
  static String variable(String key) {
    return "DAYPASS_" + key.toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_');
  }

  static List<String> variables() {
    return ALL.stream().map(Keys::variable).toList();
  }

  private static Map<Pattern, String> byVariable() {
    var patterns = new java.util.LinkedHashMap<Pattern, String>();
    for (var key : ALL) {
      patterns.put(Pattern.compile(variable(key).replace("#", "([0-9]{1,3})")), key);
    }
    return java.util.Collections.unmodifiableMap(patterns);
  }
}

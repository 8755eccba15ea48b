package io.daypass.app;

import io.daypass.cloud.BindingStore;
import io.daypass.cloud.Bindings;
import io.daypass.cloud.Checkup;
import io.daypass.cloud.Cloud;
import io.daypass.cloud.Console;
import io.daypass.cloud.PlainCheckup;
import io.daypass.cloud.Remover;
import io.daypass.cloud.SessionCutter;
import io.daypass.cloud.aws.AwsCheckup;
import io.daypass.cloud.aws.AwsCloud;
import io.daypass.cloud.aws.AwsConfig;
import io.daypass.cloud.aws.AwsCutter;
import io.daypass.cloud.azure.AzureCheckup;
import io.daypass.cloud.azure.AzureCloud;
import io.daypass.cloud.azure.AzureConfig;
import io.daypass.cloud.gcp.GoogleCheckup;
import io.daypass.cloud.gcp.GoogleCloud;
import io.daypass.cloud.gcp.GoogleConfig;
import io.daypass.cloud.oidc.OidcTokens;
import io.daypass.cloud.wire.Limits;
import io.daypass.cloud.wire.Trust;
import io.daypass.issuer.Assertions;
import io.daypass.issuer.IssuerUrl;
import io.daypass.policy.AzureRealm;
import io.daypass.policy.ConsoleDestination;
import io.daypass.settings.CloudSettings;
import io.daypass.settings.Settings;
import io.daypass.web.Metrics;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * Every cloud the broker mints in, each behind gates of its own: one that is down, slow or lying
 * takes nothing from the others.
 */
final class Clouds implements AutoCloseable {

  /** A credential that nobody gets need not live long. */
  private static final Duration MOMENT = Duration.ofSeconds(60);

  private final AwsCloud aws;
  private final AwsCutter cutter;
  private final GoogleCloud google;
  private final AzureCloud azure;
  private final OidcTokens oidc;

  Clouds(
      Settings settings,
      Assertions assertions,
      Bindings bindings,
      InstantSource clock,
      RandomGenerator jitter) {
    var issuer = new IssuerUrl(settings.publicUrl().toString());
    var inAws = config(settings.clouds().aws(), issuer);
    aws = new AwsCloud(inAws, assertions, jitter, Clouds::consolePath);
    cutter = new AwsCutter(inAws, assertions, clock, jitter);
    google = new GoogleCloud(config(settings.clouds().gcp()), assertions, bindings, clock, jitter);
    azure = new AzureCloud(config(settings.clouds().azure()), assertions, bindings, clock, jitter);
    oidc = new OidcTokens(assertions);
  }

  /** By the word policies use for each. */
  private Map<String, Cloud> byName() {
    var named = new LinkedHashMap<String, Cloud>();
    named.put("aws", aws);
    named.put("gcp", google);
    named.put("azure", azure);
    named.put("oidc", oidc);
    return named;
  }

  /** All of them, each measured. */
  List<Cloud> measured(Metrics metrics) {
    return byName().entrySet().stream()
        .<Cloud>map(named -> MeasuredCloud.of(named.getKey(), named.getValue(), metrics))
        .toList();
  }

  /**
   * Those who try a role's whole way.
   *
   * @param store what the database knows to be made for grants
   * @param clock the one by which assertions are dated
   * @param ids what assertions are known by that no issuance is made with
   */
  List<Checkup> checkups(
      String issuer, BindingStore store, InstantSource clock, Supplier<UUID> ids) {
    return List.of(
        new AwsCheckup(aws, cutter, issuer, clock, ids),
        new GoogleCheckup(google, issuer, clock, ids),
        new AzureCheckup(azure, store, issuer, clock, ids),
        new PlainCheckup(oidc, _ -> MOMENT, _ -> ""));
  }

  Console console() {
    return aws;
  }

  /** Those who remove what was made in their clouds for grants that are over. */
  List<Remover> removers() {
    return List.of(google, azure);
  }

  /** Who cuts live sessions. */
  SessionCutter cutter() {
    return cutter;
  }

  /** Makes ahead of time what else the first mint would wait for. */
  void warmUp() {
    aws.warmUp();
  }

  @Override
  public void close() {
    aws.close();
    cutter.close();
    google.close();
    azure.close();
  }

  private static AwsConfig config(CloudSettings.Aws told, IssuerUrl issuer) {
    return new AwsConfig(
        issuer,
        told.audience(),
        told.region(),
        new AwsConfig.Endpoints(told.sts(), told.iam(), told.signin()),
        told.revoker(),
        Limits.STANDARD);
  }

  private static GoogleConfig config(CloudSettings.Gcp told) {
    return new GoogleConfig(
        new GoogleConfig.Endpoints(told.sts(), told.iamCredentials(), told.resourceManager()),
        Limits.STANDARD);
  }

  private static AzureConfig config(CloudSettings.Azure told) {
    var authority = told.authority();
    // None is known beside a stand-in of Entra, and then there is no binder who would ask it.
    var resourceManager = told.resourceManager();
    var caFile = told.caFile();
    return new AzureConfig(
        authority == null ? AzureConfig.AUTHORITY : authority,
        resourceManager == null ? AzureRealm.PUBLIC.resourceManager() : resourceManager,
        caFile == null ? null : Trust.only(caFile),
        told.binder(),
        AzureConfig.LIMITS,
        AzureConfig.READY_WITHIN);
  }

  private static Optional<String> consolePath(String key) {
    return ConsoleDestination.of(key).map(ConsoleDestination::path);
  }
}

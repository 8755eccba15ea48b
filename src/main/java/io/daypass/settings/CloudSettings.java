package io.daypass.settings;

import java.net.URI;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The clouds; an endpoint is null where the cloud's own is meant.
 *
 * @param aws Amazon Web Services
 * @param gcp Google Cloud
 * @param azure Microsoft Azure
 */
public record CloudSettings(Aws aws, Gcp gcp, Azure azure) {

  /**
   * AWS.
   *
   * @param audience of the assertions, with {@code {account}} in place of the account
   * @param region whose STS is asked
   * @param revoker the name of the IAM role, in each account, that cuts sessions; null if none
   */
  public record Aws(
      String audience,
      String region,
      @Nullable String revoker,
      @Nullable URI sts,
      @Nullable URI iam,
      @Nullable URI signin) {

    /** The audience for one account. */
    public String audienceFor(String account) {
      return audience.replace("{account}", account);
    }
  }

  /** Google Cloud. */
  public record Gcp(
      @Nullable URI sts, @Nullable URI iamCredentials, @Nullable URI resourceManager) {}

  /**
   * Azure.
   *
   * @param authority where Entra is
   * @param resourceManager that of the same one of Azure's clouds, if nothing else is said
   * @param caFile a PEM file with the authorities that TLS trusts there, instead of the JDK's; only
   *     with endpoints of one's own
   * @param binder the client id of the application that assigns roles for grants; null if none
   */
  public record Azure(
      @Nullable URI authority,
      @Nullable URI resourceManager,
      @Nullable Path caFile,
      @Nullable String binder) {}
}

package io.daypass.cloud.azure;

import io.daypass.cloud.wire.EndpointUrl;
import io.daypass.cloud.wire.Limits;
import io.daypass.policy.AzureRealm;
import java.net.URI;
import java.time.Duration;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * What minting in Azure must be told. Everything the library would otherwise look up in its
 * surroundings is here or fixed.
 *
 * @param authority where Entra is, without a path: the library takes the first segment for a tenant
 * @param resourceManager where Resource Manager is
 * @param trust whom TLS trusts there; null for whom the JDK trusts
 * @param binder the client id of the application that assigns roles in Daypass's name; null if
 *     there is none, and so no role with an assignment can be minted
 */
public record AzureConfig(
    URI authority,
    URI resourceManager,
    @Nullable SSLContext trust,
    @Nullable String binder,
    Limits limits,
    Duration readyWithin) {

  public static final URI AUTHORITY = URI.create("https://login.microsoftonline.com");

  /**
   * Six seconds for a call with its repetitions: a removal is two, each of which may wait for its
   * turn as long as it may take, and has the sweeper's lease for all of that.
   */
  public static final Limits LIMITS =
      new Limits(
          Duration.ofSeconds(6),
          Duration.ofSeconds(2),
          Duration.ofSeconds(4),
          3,
          Duration.ofMillis(200),
          64,
          20,
          Duration.ofSeconds(5));

  /** How long a mint waits until Resource Manager shows a role assignment. */
  public static final Duration READY_WITHIN = Duration.ofSeconds(8);

  public AzureConfig {
    EndpointUrl.check(authority);
    EndpointUrl.check(resourceManager);
    if (!authority.getRawPath().isEmpty() && !authority.getRawPath().equals("/")) {
      throw new IllegalArgumentException("the authority has no path");
    }
    if (!"https".equals(authority.getScheme())) {
      throw new IllegalArgumentException("the authority is https: the library takes no other");
    }
  }

  /** The one audience of federated credentials (Entra, "Workload identity federation"). */
  String assertionAudience() {
    return realm().audience();
  }

  /** What a token for Resource Manager is asked for as. */
  String resourceManagerScope() {
    return realm().resourceManager() + "/.default";
  }

  /** A stand-in of Entra is asked as the public one would be. */
  private AzureRealm realm() {
    return AzureRealm.of(authority).orElse(AzureRealm.PUBLIC);
  }

  /** What a tenant says of itself, to anybody. */
  URI discovery(String tenant) {
    return authority.resolve("/" + tenant + "/v2.0/.well-known/openid-configuration");
  }

  URI tokenEndpoint(String tenant) {
    return authority.resolve("/" + tenant + "/oauth2/v2.0/token");
  }
}

package io.daypass.policy;

import java.net.URI;
import java.util.Locale;
import java.util.Optional;

/**
 * One of Azure's clouds. Each has an Entra and a Resource Manager of its own, and tokens of one are
 * worth nothing in another (Entra, "National clouds"; Azure, "Azure Government endpoints").
 */
public enum AzureRealm {
  PUBLIC("api://AzureADTokenExchange", "https://management.azure.com"),
  US_GOVERNMENT("api://AzureADTokenExchangeUSGov", "https://management.usgovcloudapi.net"),
  CHINA("api://AzureADTokenExchangeChina", "https://management.chinacloudapi.cn");

  private final String audience;
  private final URI resourceManager;

  AzureRealm(String audience, String resourceManager) {
    this.audience = audience;
    this.resourceManager = URI.create(resourceManager);
  }

  /**
   * The one whose Entra is at {@code authority}; empty for a stand-in and for what is not known.
   */
  public static Optional<AzureRealm> of(URI authority) {
    return switch (authority.getHost().toLowerCase(Locale.ROOT)) {
      case "login.microsoftonline.com", "login.microsoft.com", "login.windows.net" ->
          Optional.of(PUBLIC);
      case "login.microsoftonline.us" -> Optional.of(US_GOVERNMENT);
      case "login.partner.microsoftonline.cn", "login.chinacloudapi.cn" -> Optional.of(CHINA);
      default -> Optional.empty();
    };
  }

  /** The audience of federated credentials there. */
  public String audience() {
    return audience;
  }

  /** Where Resource Manager is, and what its tokens are for. */
  public URI resourceManager() {
    return resourceManager;
  }
}

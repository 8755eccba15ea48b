package io.daypass.cloud.azure;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AzureConfigTest {

  @ParameterizedTest
  @CsvSource({
    "login.microsoftonline.com, api://AzureADTokenExchange, https://management.azure.com",
    "localhost, api://AzureADTokenExchange, https://management.azure.com",
    "login.microsoftonline.us, api://AzureADTokenExchangeUSGov, https://management.usgovcloudapi.net",
    "login.partner.microsoftonline.cn, api://AzureADTokenExchangeChina, https://management.chinacloudapi.cn",
    "login.chinacloudapi.cn, api://AzureADTokenExchangeChina, https://management.chinacloudapi.cn"
  })
  void a_national_cloud_has_an_audience_and_a_resource_manager_of_its_own(
      String authority, String audience, String resourceManager) {
    var config =
        new AzureConfig(
            URI.create("https://" + authority),
            URI.create(resourceManager),
            null,
            null,
            AzureConfig.LIMITS,
            AzureConfig.READY_WITHIN);
    assertThat(config.assertionAudience()).isEqualTo(audience);
    assertThat(config.resourceManagerScope()).isEqualTo(resourceManager + "/.default");
  }
}

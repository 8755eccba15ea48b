package io.daypass.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is said of clouds. */
class CloudsReaderTest extends SettingsFiles {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "audience: 'a#{account}'",
        "audience: 'a {account}'",
        "audience: '{account}-{account}'",
        "audience: 'daypass'",
        "audience: '{account}'",
        "region: somewhere-x-1",
        "region: eusc-de-east-1",
        "region: us-iso-east-1",
        "region: us-isob-east-1",
        "region: eu-isoe-west-1",
        "region: aws-global",
        "region: eu-central-1.example.com"
      })
  void f43_what_the_cloud_would_not_take_is_named_before_the_start(String setting)
      throws IOException {
    assertThat(codes(GOOD + "clouds: { aws: { " + setting + " } }\n")).containsExactly("bad_value");
  }

  @ParameterizedTest
  @ValueSource(strings = {"eu-central-1", "ap-southeast-10", "cn-north-1", "us-gov-west-1"})
  void a_region_is_in_a_partition_that_is_served(String region) throws IOException {
    var named = Map.of("DAYPASS_CLOUDS_AWS_REGION", region);
    assertThat(good(GOOD, named).clouds().aws().region()).isEqualTo(region);
    var elsewhere = Map.of("DAYPASS_CLOUDS_AWS_REGION", "eusc-de-east-1");
    assertThat(bad(GOOD, elsewhere))
        .singleElement()
        .asString()
        .contains("DAYPASS_CLOUDS_AWS_REGION", "bad_value", "no other partition is served");
  }

  @Test
  void who_cuts_sessions_is_named_without_an_account() throws IOException {
    for (var name : List.of("arn:aws:iam::123456789012:role/x", "a/b", "a b", "x".repeat(65))) {
      assertThat(bad(GOOD, Map.of("DAYPASS_CLOUDS_AWS_REVOKER", name)).toString())
          .contains("DAYPASS_CLOUDS_AWS_REVOKER", "bad_value", "without ARN and path");
    }
  }

  private static String azure(String more) {
    return GOOD + "\nclouds:\n  azure:\n    " + more + "\n";
  }

  @Test
  void a_ca_of_one_s_own_is_for_endpoints_of_one_s_own() throws IOException {
    var own =
        "authority: https://localhost:8091, resource-manager: http://localhost:8090/azure/arm";
    var settings = good(azure("endpoints: { " + own + ", ca-file: ca.pem }"), Map.of());
    assertThat(settings.clouds().azure().caFile()).isEqualTo(folder.resolve("ca.pem"));
    assertThat(codes(azure("endpoints: { ca-file: ca.pem }"))).containsExactly("bad_value");
    assertThat(codes(azure("endpoints: { authority: https://localhost:1, ca-file: ca.pem }")))
        .containsExactly("bad_value");
    assertThat(codes(azure("endpoints: { " + own + ", ca-file: nowhere }")))
        .containsExactly("bad_value");
    assertThat(codes(azure("endpoints: { " + own + ", ca-file: master.key }")))
        .containsExactly("bad_value");
  }

  @Test
  void entra_is_reached_over_tls_only_and_at_no_path() throws IOException {
    for (var authority : List.of("http://localhost:8090", "https://localhost:8091/azure")) {
      assertThat(codes(azure("endpoints: { authority: '" + authority + "' }")))
          .as(authority)
          .containsExactly("bad_value");
    }
    assertThat(codes(azure("binder: somebody"))).containsExactly("bad_value");
  }

  private static final String BINDER = "binder: 00000000-0000-0000-0000-000000000009";

  private static String at(String authority) {
    return "endpoints: { authority: '" + authority + "' }";
  }

  @ParameterizedTest
  @CsvSource({
    "https://login.microsoftonline.com, https://management.azure.com",
    "https://login.microsoftonline.us, https://management.usgovcloudapi.net",
    "https://LOGIN.microsoftonline.us, https://management.usgovcloudapi.net",
    "https://login.partner.microsoftonline.cn, https://management.chinacloudapi.cn",
    "https://login.chinacloudapi.cn, https://management.chinacloudapi.cn"
  })
  void the_binder_s_tokens_stay_in_the_one_of_azure_s_clouds_that_they_are_of(
      String authority, String resourceManager) throws IOException {
    var settings = good(azure(BINDER + "\n    " + at(authority)), Map.of());
    assertThat(settings.clouds().azure().resourceManager()).hasToString(resourceManager);
  }

  @Test
  void a_resource_manager_that_is_named_is_the_one_whoever_the_authority_is() throws IOException {
    var own = "authority: https://login.microsoftonline.us, resource-manager: https://arm.example";
    var settings = good(azure(BINDER + "\n    endpoints: { " + own + " }"), Map.of());
    assertThat(settings.clouds().azure().resourceManager()).hasToString("https://arm.example");
  }

  @Test
  void beside_an_authority_of_nobody_s_the_binder_is_told_where_to_assign() throws IOException {
    var unknown = azure(BINDER + "\n    " + at("https://login.example"));
    assertThat(bad(unknown, Map.of()))
        .singleElement()
        .asString()
        .contains("missing_key", "\"resource-manager\" is missing");
    // Without one, nobody asks it.
    var azure = good(azure(at("https://login.example")), Map.of()).clouds().azure();
    assertThat(azure.resourceManager()).isNull();
    assertThat(good(azure(BINDER), Map.of()).clouds().azure().resourceManager()).isNull();
  }
}

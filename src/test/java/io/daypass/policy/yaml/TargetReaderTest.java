package io.daypass.policy.yaml;

import static org.assertj.core.api.Assertions.assertThat;

import io.daypass.policy.AwsAudience;
import io.daypass.policy.Target;
import io.daypass.policy.yaml.PolicyDirectory.Loaded;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Where a role may lead, and how long what is got there may live. */
class TargetReaderTest {

  @TempDir Path temporary;
  private Directory directory;

  @BeforeEach
  void open() throws IOException {
    directory = new Directory(Files.createDirectory(temporary.resolve("policies")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "aws: { role-arn: 'arn:aws:iam::123456789012:role/${claims.repository}' }",
        "aws: { role-arn: 'arn:aws:iam::123456789012:role/{{ subject }}' }",
        "aws: { role-arn: 'arn:aws:iam::*:role/x' }",
        "oidc: { audience: 'https://*.acme.test' }",
        "azure: { tenant: '{tenant}', client-id: 00000000-0000-0000-0000-000000000001, scope: 'https://a/.default', outlives-approval: accepted }"
      })
  void b3_nothing_of_a_caller_goes_into_a_target(String target) {
    directory.withTarget(target);
    assertThat(directory.codes()).isNotEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "daypass-r",
        "role/r",
        "123456789012:role/r",
        "arn:aws:iam::12345678901:role/r",
        "arn:aws:iam::123456789012:user/r",
        "arn:aws:iam::123456789012:role/",
        "arn:aws-xx:iam::123456789012:role/r",
        "arn:aws:iam::123456789012:role/r ",
        "arn:aws:sts::123456789012:assumed-role/r/x"
      })
  void b7_a_role_is_named_by_its_full_arn(String arn) {
    directory.withTarget("aws: { role-arn: '" + arn + "' }");
    assertThat(directory.codes()).containsExactly("bad_value");
  }

  @Test
  void b7_partition_account_and_path_are_kept() {
    directory.withTarget("aws: { role-arn: 'arn:aws-us-gov:iam::123456789012:role/a/b/r' }");
    var arn = ((Target.Aws) directory.role().target()).roleArn();
    assertThat(arn).hasToString("arn:aws-us-gov:iam::123456789012:role/a/b/r");
    assertThat(arn.path()).isEqualTo("/a/b/");
  }

  @Test
  void the_other_clouds_are_read_too() {
    directory.withTarget(
        "gcp: { service-account: deploy@acme-prod.iam.gserviceaccount.com, workload-identity-provider:"
            + " //iam.googleapis.com/projects/7/locations/global/workloadIdentityPools/pool/providers/daypass,"
            + " scopes: [https://www.googleapis.com/auth/cloud-platform] }");
    assertThat(directory.role().target().cloud()).isEqualTo("gcp");
    directory.withTarget(
        "azure: { tenant: 00000000-0000-0000-0000-000000000001, client-id:"
            + " 00000000-0000-0000-0000-000000000002, scope: 'https://management.azure.com/.default',"
            + " role-assignment: { role: 00000000-0000-0000-0000-000000000003, scope: /subscriptions/x } }");
    assertThat(((Target.Azure) directory.role().target()).assignment()).isNotNull();
    directory.withTarget(
        "azure: { tenant: 00000000-0000-0000-0000-000000000001, client-id:"
            + " 00000000-0000-0000-0000-000000000002, scope: 'https://management.azure.com/.default',"
            + " outlives-approval: accepted }");
    assertThat(((Target.Azure) directory.role().target()).assignment()).isNull();
    directory.withTarget(
        "oidc: { audience: https://deploy.acme.test, claims: { a: b, n: 7, l: [x], t: true, m: { k: v } } }");
    assertThat(((Target.Oidc) directory.role().target()).claims())
        .containsEntry("n", 7L)
        .hasSize(5);
    assertThat(directory.role().credentialLifetime()).isEqualTo(Duration.ofMinutes(10));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "bad_value           | aws: { role-arn: 'arn:aws:iam::123456789012:role/r' }, gcp: { }",
        "bad_value           | vmware: { }",
        "console_unknown     | aws: { role-arn: 'arn:aws:iam::123456789012:role/r', console: [https://evil.test] }",
        "unknown_key         | aws: { role-arn: 'arn:aws:iam::123456789012:role/r', external-id: x }",
        "missing_key         | gcp: { service-account: x }",
        "bad_value           | gcp: { service-account: x, workload-identity-provider: y, scopes: [z] }",
        "azure_may_outlive   | azure: { tenant: 00000000-0000-0000-0000-000000000001, client-id: 00000000-0000-0000-0000-000000000002, scope: 'https://a/.default' }",
        "azure_may_outlive   | azure: { tenant: 00000000-0000-0000-0000-000000000001, client-id: 00000000-0000-0000-0000-000000000002, scope: 'https://a/.default', outlives-approval: accepted, role-assignment: { role: 00000000-0000-0000-0000-000000000003, scope: /x } }",
        "bad_value           | azure: { tenant: 00000000-0000-0000-0000-000000000001, client-id: 00000000-0000-0000-0000-000000000002, scope: 'https://a/.default', outlives-approval: yes }",
        "bad_value           | azure: { tenant: 00000000-0000-0000-0000-000000000001, client-id: 00000000-0000-0000-0000-000000000002, scope: 'https://a/x', outlives-approval: accepted }",
        "bad_value           | azure: { tenant: 00000000-0000-0000-0000-000000000001, client-id: 00000000-0000-0000-0000-000000000002, scope: 'https://a/.default', role-assignment: { role: 00000000-0000-0000-0000-000000000003, scope: x } }",
        "missing_audience    | oidc: { claims: { } }",
        "missing_audience    | oidc: { audience: ' ' }",
        "audience_of_a_cloud | oidc: { audience: sts.amazonaws.com }",
        "audience_of_a_cloud | oidc: { audience: daypass-aws-123456789012 }",
        "audience_of_a_cloud | oidc: { audience: 'api://AzureADTokenExchange' }",
        "audience_of_a_cloud | oidc: { audience: 'api://AzureADTokenExchangeUSGov' }",
        "audience_of_a_cloud | oidc: { audience: 'api://AzureADTokenExchangeChina' }",
        "claim_reserved      | oidc: { audience: x, claims: { sub: y } }",
        "claim_reserved      | oidc: { audience: x, claims: { 'https://aws.amazon.com/tags': { } } }",
        "wrong_type          | oidc: { audience: x, claims: { a: 1.5 } }",
        "bad_value           | oidc: { audience: x, claims: { a: 9999999999999999 } }"
      })
  void targets_that_are_not_right_are_refused(String code, String target) {
    directory.withTarget(target);
    assertThat(directory.codes()).contains(code);
  }

  @ParameterizedTest
  @CsvSource({
    "keys-for-123456789012, false",
    "keys-for-1, true",
    "keys-for-1234567890123, true",
    "daypass-aws-123456789012, false"
  })
  void an_assertion_for_aws_is_no_token_for_another_audience_whatever_it_is_called(
      String audience, boolean good) {
    directory.withTarget("oidc: { audience: " + audience + " }");
    var known = new Installation(Directory.STAFF.humans(), new AwsAudience("keys-for-{account}"));
    var loaded = PolicyDirectory.load(temporary.resolve("policies"), known);
    assertThat(loaded instanceof Loaded.Read).isEqualTo(good);
  }

  @ParameterizedTest
  @CsvSource({"13h, lifetime_too_long", "12h1s, lifetime_too_long"})
  void a_lifetime_over_what_aws_gives_is_refused(String lifetime, String code) {
    directory.withLine("credential-lifetime", "credential-lifetime: " + lifetime);
    assertThat(directory.codes()).containsExactly(code);
  }

  @Test
  void lifetimes_are_held_against_each_cloud() {
    directory.withLine("credential-lifetime", "credential-lifetime: 5m");
    assertThat(directory.warningCodes()).containsExactly("lifetime_below_floor");
    var gcp =
        "target: { gcp: { service-account: deploy@acme-prod.iam.gserviceaccount.com, workload-identity-provider:"
            + " //iam.googleapis.com/projects/7/locations/global/workloadIdentityPools/pool/providers/daypass,"
            + " scopes: [https://www.googleapis.com/auth/cloud-platform] } }\ncredential-lifetime: ";
    directory.withLine("target", gcp + "2h");
    assertThat(directory.warningCodes()).containsExactly("lifetime_needs_constraint");
    directory.withLine("target", gcp + "13h");
    assertThat(directory.codes()).containsExactly("lifetime_too_long");
    directory.withLine("target", "target: { oidc: { audience: x } }\ncredential-lifetime: 11m");
    assertThat(directory.codes()).containsExactly("lifetime_too_long");
  }

  @Test
  void a_short_role_has_short_credentials() {
    directory.withLine("max-duration", "max-duration: 20m");
    assertThat(directory.role().credentialLifetime()).isEqualTo(Duration.ofMinutes(20));
  }
}

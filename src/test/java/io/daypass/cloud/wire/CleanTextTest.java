package io.daypass.cloud.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What an operator needs stays, and nothing that could be a secret. */
class CleanTextTest {

  private static final String ID = "5f1d6a0e-8a44-4a1b-b1a4-6a8f6cf2c002";
  private static final String LETTERS =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

  private static final Map<String, Function<Random, String>> SECRETS =
      Map.of(
          "a secret access key",
          random -> drawn(random, LETTERS + "+/", 40),
          "a session token",
          random -> "IQoJb3JpZ2luX2VjE" + drawn(random, LETTERS + "+/", 300) + "==",
          "32 bytes in base64",
          random -> drawn(random, LETTERS + "+/", 43) + "=",
          "32 bytes for URLs",
          random -> drawn(random, LETTERS + "-_", 43),
          "32 bytes in hexadecimal",
          random -> drawn(random, "0123456789abcdef", 64),
          "32 bytes in base32",
          random -> drawn(random, "abcdefghijklmnopqrstuvwxyz234567", 52),
          "a token of Google's",
          random -> "ya29." + drawn(random, LETTERS + "-_", 150),
          "a secret of a client of Google's",
          random -> "GOCSPX-" + drawn(random, LETTERS + "-_", 28),
          "a secret of an application in Entra",
          random -> drawn(random, LETTERS, 3) + "8Q~" + drawn(random, LETTERS + "._-~", 34),
          "an opaque token of Entra's",
          random -> "0." + drawn(random, LETTERS + "-_", 90) + "." + drawn(random, LETTERS, 300));

  static final List<String> AROUND =
      List.of(
          "%s",
          "bad key %s, sorry",
          "key=%s",
          "/%s",
          "/%s/",
          "-%s.",
          "{\"SecretAccessKey\":\"%s\",\"a\":1}",
          "https://host.example/path?key=%s&x=y",
          "Microsoft.Authorization/%s",
          "/subscriptions/%s",
          "/subscriptions/" + ID + "/%s",
          "/providers/" + ID + "%s",
          "projects/%s/keys",
          "arn:aws:iam::123456789012:role/%s/alice",
          ID + "%s",
          ID + ".%s");

  private static String drawn(Random random, String letters, int length) {
    return random
        .ints(length, 0, letters.length())
        .collect(StringBuilder::new, (b, i) -> b.append(letters.charAt(i)), StringBuilder::append)
        .toString();
  }

  @ParameterizedTest
  @FieldSource("AROUND")
  void of_no_secret_more_than_20_characters_come_through_whatever_they_stand_in(String around) {
    SECRETS.forEach((kind, make) -> {
      var random = new Random(7);
      for (var i = 0; i < 200; i++) {
        var secret = make.apply(random);
        var clean = CleanText.of(around.formatted(secret));
        for (var at = 0; at + 21 <= secret.length(); at++) {
          assertThat(clean).as(kind).doesNotContain(secret.substring(at, at + 21));
        }
      }
    });
  }

  @Test
  void tokens_and_runs_of_letters_alone_are_cut_wherever_they_stand() {
    assertThat(CleanText.of("k".repeat(40))).isEqualTo("[cut]");
    assertThat(CleanText.of("path/" + "lettersonly".repeat(4))).isEqualTo("[cut]");
    assertThat(CleanText.of("bad eyJhbGciOiJub25lIn0.eyJzdWIiOiJhIn0.")).isEqualTo("bad [cut].");
    assertThat(CleanText.of("for eyJhbGciOiJub25lIn0!")).isEqualTo("for [cut]!");
  }

  @Test
  void a_key_that_is_written_with_escapes_is_one_all_the_same() {
    var slashed = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";
    assertThat(CleanText.of(slashed)).isEqualTo("[cut]");
    assertThat(CleanText.of(slashed.replace("/", "\\/"))).isEqualTo("[cut]");
    assertThat(CleanText.of(slashed.replace("/", "%2F"))).isEqualTo("[cut]");
    assertThat(CleanText.of("/subscriptions/" + slashed)).doesNotContain("FEMI", "EXAMPLEKEY");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Trace ID: 007fc931-d337-4638-8760-8f5c9c231e00 Correlation ID: " + ID,
        "over scope '/subscriptions/" + ID + "/resourceGroups/rg-shop-prod-001'",
        "/subscriptions/"
            + ID
            + "/resourcegroups/shop/providers/microsoft.managedidentity"
            + "/userassignedidentities/daypass",
        "to perform action 'Microsoft.Authorization/roleAssignments/write'",
        "/providers/Microsoft.Management/managementGroups/acme-platform",
        "existing role assignment is 0b1ec71c000040008000000000000001.",
        "arn:aws:sts::123456789012:assumed-role/daypass/team-payments/prod-readonly/alice",
        "principal://iam.googleapis.com/projects/123456789012/locations/global"
            + "/workloadIdentityPools/daypass/subject/role:gcp-logs",
        "projects/-/serviceAccounts/daypass-gcp-logs@acme-prod.iam.gserviceaccount.com",
        "constraints/iam.allowServiceAccountCredentialLifetimeExtension",
        "see https://learn.microsoft.com/entra/workload-id/workload-identity-federation",
      })
  void ids_paths_actions_and_hosts_stay(String text) {
    assertThat(CleanText.of(text)).isEqualTo(text);
  }

  @Test
  void an_id_is_one_only_where_it_stands_by_itself() {
    assertThat(CleanText.of("id " + ID + "x")).isEqualTo("id [cut]");
    assertThat(CleanText.of("id x" + ID)).isEqualTo("id [cut]");
    assertThat(CleanText.of("id=" + ID + ".")).isEqualTo("id=" + ID + ".");
  }

  @Test
  void of_a_path_only_what_is_no_name_is_cut_and_all_of_it_if_that_is_long() {
    var path = "/subscriptions/" + ID + "/resourceGroups/shop/storageAccounts/";
    assertThat(CleanText.of(path + "stprodx7f3k2/x")).isEqualTo(path + "[cut]/x");
    assertThat(CleanText.of(path + "stprodx7f3k2stprodx7f3k2/x")).isEqualTo("[cut]");
  }
}

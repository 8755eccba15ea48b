package io.daypass.policy.yaml;

import static org.assertj.core.api.Assertions.assertThat;

import io.daypass.document.Problem;
import io.daypass.policy.Target.Azure;
import io.daypass.policy.Target.Azure.RoleAssignment;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AzureTargetReaderTest {

  private static final String TENANT = "7d3c0a52-4f0e-4f5e-9a63-2b1f1f0c9a01";
  private static final String OTHER_TENANT = "7d3c0a52-4f0e-4f5e-9a63-2b1f1f0c9a02";
  private static final String ONE = "5a0f3b1c-0000-4000-8000-00000000000a";
  private static final String TWO = "5a0f3b1c-0000-4000-8000-00000000000b";
  private static final String THREE = "5a0f3b1c-0000-4000-8000-00000000000c";
  private static final String READER = "2a2b9908-6ea1-4ae2-8e65-a410df84e7d1";
  private static final String SCOPE = "/subscriptions/5f1d6a0e-8a44-4a1b-b1a4-6a8f6cf2c002";
  private static final String ASSIGNED =
      "role-assignment: { role: " + READER + ", scope: " + SCOPE + " }";
  private static final String ACCEPTED = "outlives-approval: accepted";

  @TempDir private Path folder;
  private Directory directory;

  @BeforeEach
  void begin() {
    directory = new Directory(folder);
  }

  private void target(String name, String client, String more) {
    target(name, TENANT, client, more);
  }

  private void target(String name, String tenant, String client, String more) {
    var target =
        "target: { azure: { tenant: "
            + tenant
            + ", client-id: "
            + client
            + ", scope: 'https://storage.azure.com/.default', "
            + more
            + " } }";
    var role =
        Directory.role("- { name: x, who: '\"a\" in groups', approval: automatic }")
            .replaceAll("(?m)^target:.*$", Matcher.quoteReplacement(target))
            .replace("role: r\n", "role: " + name + "\n");
    directory.with(name + ".yaml", role);
  }

  private static String spares(String... ids) {
    return ASSIGNED + ", spare-client-ids: [" + String.join(", ", ids) + "]";
  }

  private Azure read() {
    return (Azure) directory.policies().role("r").orElseThrow().target();
  }

  private List<String> codes() {
    return directory.problems().stream().map(Problem::code).toList();
  }

  @Test
  void access_is_assigned_for_each_grant_or_outlives_it_by_agreement() {
    target("r", ONE, ASSIGNED);
    assertThat(read().assignment()).isEqualTo(new RoleAssignment(READER, SCOPE));
    target("r", ONE, ACCEPTED);
    assertThat(read().assignment()).isNull();
    assertThat(read().clientIds()).containsExactly(ONE);
  }

  @Test
  void neither_or_both_is_refused() {
    target("r", ONE, "spare-client-ids: []");
    assertThat(codes()).containsExactly("azure_may_outlive");
    target("r", ONE, ASSIGNED + ", " + ACCEPTED);
    assertThat(codes()).containsExactly("azure_may_outlive");
    target("r", ONE, "outlives-approval: 'yes'");
    assertThat(codes()).containsExactly("bad_value");
  }

  @Test
  void spare_identities_come_after_the_first_in_the_order_they_are_written() {
    target("r", ONE, spares(THREE, TWO));
    assertThat(read().clientIds()).containsExactly(ONE, THREE, TWO);
    target("r", ONE, spares());
    assertThat(read().clientIds()).containsExactly(ONE);
  }

  @Test
  void an_identity_stands_there_once_however_it_is_written() {
    target("r", ONE, spares(ONE));
    assertThat(codes()).containsExactly("bad_value");
    target("r", ONE, spares(TWO, TWO));
    assertThat(codes()).containsExactly("bad_value");
    target("r", ONE, spares(TWO, TWO.toUpperCase(Locale.ROOT)));
    assertThat(codes()).containsExactly("bad_value");
    target("r", ONE, spares(ONE.toUpperCase(Locale.ROOT)));
    assertThat(codes()).containsExactly("bad_value");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "my-app",
        "'*'",
        "'5a0f3b1c-0000-4000-8000-00000000000?'",
        "5a0f3b1c00004000800000000000000b",
        "'{5a0f3b1c-0000-4000-8000-00000000000b}'",
        "'5a0f3b1c-0000-4000-8000-00000000000b '",
        "''"
      })
  void a_spare_identity_is_a_uuid_in_full(String spare) {
    target("r", ONE, spares(TWO, spare));
    assertThat(codes()).contains("bad_value");
  }

  @Test
  void without_an_assignment_there_are_no_spares_for_all_share_one() {
    target("r", ONE, ACCEPTED + ", spare-client-ids: [" + TWO + "]");
    assertThat(codes()).containsExactly("bad_value");
  }

  @Test
  void spares_are_a_list_of_texts() {
    target("r", ONE, ASSIGNED + ", spare-client-ids: " + TWO);
    assertThat(codes()).isNotEmpty();
    target("r", ONE, ASSIGNED + ", spare-client-ids: [{ id: " + TWO + " }]");
    assertThat(codes()).isNotEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "role-assignment: { role: Reader, scope: /subscriptions/1 }                | bad_value",
        "role-assignment: { role: '*', scope: /subscriptions/1 }                   | bad_value",
        "role-assignment: { scope: /subscriptions/1 }                              | missing_key",
        "role-assignment: { role: 2a2b9908-6ea1-4ae2-8e65-a410df84e7d1 }           | missing_key",
        "role-assignment: { role: 2a2b9908-6ea1-4ae2-8e65-a410df84e7d1, scope: s } | bad_value",
      })
  void an_assignment_names_a_role_and_a_scope_in_full(String assignment, String code) {
    target("r", ONE, assignment);
    assertThat(codes()).containsExactly(code);
  }

  @Test
  void an_identity_that_is_assigned_roles_is_no_other_role_s() {
    target("r", ONE, ASSIGNED);
    target("s", ONE, ASSIGNED);
    assertThat(codes()).containsExactly("azure_identity_shared");
    assertThat(directory.problems().getFirst().message()).contains("\"r\"", "\"s\"", ONE);
    // Access for good would come on top of what the grant gives, and the other way about.
    target("s", ONE, ACCEPTED);
    assertThat(codes()).containsExactly("azure_identity_shared");
    target("r", ONE, ACCEPTED);
    target("s", ONE, ASSIGNED);
    assertThat(codes()).containsExactly("azure_identity_shared");
  }

  @Test
  void a_spare_identity_is_no_other_role_s_either_in_whatever_case_it_is_written() {
    target("r", ONE, spares(TWO));
    target("s", TWO, ASSIGNED);
    assertThat(codes()).containsExactly("azure_identity_shared");
    target("s", THREE, spares(TWO.toUpperCase(Locale.ROOT)));
    assertThat(codes()).containsExactly("azure_identity_shared");
    target("s", TENANT.toUpperCase(Locale.ROOT), THREE, spares(TWO));
    assertThat(codes()).containsExactly("azure_identity_shared");
  }

  @Test
  void identities_of_their_own_of_other_tenants_or_all_accepted_are_good() {
    target("r", ONE, spares(TWO));
    target("s", THREE, ASSIGNED);
    assertThat(codes()).isEmpty();
    target("s", OTHER_TENANT, ONE, ASSIGNED);
    assertThat(codes()).isEmpty();
    target("r", ONE, ACCEPTED);
    target("s", ONE, ACCEPTED);
    assertThat(codes()).isEmpty();
  }
}

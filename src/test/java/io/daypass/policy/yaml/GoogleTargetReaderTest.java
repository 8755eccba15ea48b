package io.daypass.policy.yaml;

import static org.assertj.core.api.Assertions.assertThat;

import io.daypass.document.Problem;
import io.daypass.policy.Target.Google;
import io.daypass.policy.Target.Google.IamBinding;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GoogleTargetReaderTest {

  private static final String ONE = "one-account@acme-prod.iam.gserviceaccount.com";
  private static final String TWO = "two-account@acme-prod.iam.gserviceaccount.com";
  private static final String BINDER = "the-binder@acme-prod.iam.gserviceaccount.com";
  private static final String PROVIDER =
      "//iam.googleapis.com/projects/7/locations/global/workloadIdentityPools/pool/providers/daypass";
  private static final String SCOPE = "https://www.googleapis.com/auth/cloud-platform";
  private static final String BOUND =
      "iam-binding: { resource: projects/acme-prod, role: roles/storage.admin, binder: "
          + BINDER
          + " }";

  @TempDir private Path folder;
  private Directory directory;

  @BeforeEach
  void begin() {
    directory = new Directory(folder);
  }

  private void target(String name, String accounts, String more) {
    var target =
        "target: { gcp: { service-account: "
            + accounts
            + ", workload-identity-provider: "
            + PROVIDER
            + ", scopes: ["
            + SCOPE
            + "]"
            + (more.isEmpty() ? "" : ", " + more)
            + " } }";
    var role =
        Directory.role("- { name: x, who: '\"a\" in groups', approval: automatic }")
            .replaceAll("(?m)^target:.*$", Matcher.quoteReplacement(target))
            .replace("role: r\n", "role: " + name + "\n");
    directory.with(name + ".yaml", role);
  }

  private Google read() {
    return (Google) directory.policies().role("r").orElseThrow().target();
  }

  private List<String> codes() {
    return directory.problems().stream().map(Problem::code).toList();
  }

  @Test
  void one_account_has_its_rights_for_good() {
    target("r", ONE, "");
    assertThat(read()).isEqualTo(new Google(ONE, PROVIDER, List.of(SCOPE)));
    assertThat(read().binding()).isNull();
  }

  @Test
  void one_or_several_are_given_theirs_for_each_grant() {
    target("r", ONE, BOUND);
    assertThat(read().binding())
        .isEqualTo(new IamBinding("projects/acme-prod", "roles/storage.admin", BINDER));
    target("r", "[" + ONE + ", " + TWO + "]", BOUND);
    assertThat(read().serviceAccounts()).containsExactly(ONE, TWO);
    target("r", ONE, BOUND.replace("roles/storage.admin", "projects/acme-prod/roles/own_role"));
    assertThat(codes()).isEmpty();
    target("r", ONE, BOUND.replace("projects/acme-prod", "folders/123"));
    assertThat(codes()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "roles/owner, role_is_basic",
    "roles/editor, role_is_basic",
    "roles/viewer, role_is_basic",
    "storage.admin, bad_value",
    "roles/*, bad_value",
    "roles/${x}, bad_value",
    "projects//roles/x, bad_value"
  })
  void a_role_that_can_have_no_end_or_is_none_is_refused(String role, String code) {
    target("r", ONE, BOUND.replace("roles/storage.admin", "'" + role + "'"));
    assertThat(codes()).containsExactly(code);
  }

  @ParameterizedTest
  @CsvSource({"projects/*", "acme-prod", "projects/acme-prod/buckets/x", "folders/x", "projects/"})
  void a_resource_is_a_project_a_folder_or_an_organization(String resource) {
    target("r", ONE, BOUND.replace("projects/acme-prod", "'" + resource + "'"));
    assertThat(codes()).containsExactly("bad_value");
  }

  @Test
  void the_binder_is_never_an_account_whose_tokens_are_handed_out() {
    target("r", ONE, BOUND.replace(BINDER, ONE));
    assertThat(codes()).containsExactly("binder_handed_out");
    target("r", ONE, BOUND);
    target("s", BINDER, "");
    assertThat(codes()).containsExactly("binder_handed_out");
  }

  @Test
  void an_account_that_is_bound_is_no_other_role_s() {
    target("r", ONE, BOUND);
    target("s", ONE, "");
    assertThat(codes()).containsExactly("google_account_shared");
    target("s", ONE, BOUND);
    assertThat(codes()).containsExactly("google_account_shared");
    target("r", ONE, "");
    target("s", ONE, "");
    assertThat(codes()).isEmpty();
  }

  @Test
  void several_accounts_or_the_same_twice_are_refused_where_they_make_no_sense() {
    target("r", "[" + ONE + ", " + TWO + "]", "");
    assertThat(codes()).containsExactly("bad_value");
    target("r", "[" + ONE + ", " + ONE + "]", BOUND);
    assertThat(codes()).containsExactly("bad_value");
    target("r", "[]", BOUND);
    assertThat(codes()).isNotEmpty();
    target("r", "[somebody@acme.example]", BOUND);
    assertThat(codes()).containsExactly("bad_value");
  }

  @Test
  void a_half_written_binding_is_refused() {
    target("r", ONE, "iam-binding: { resource: projects/acme-prod, role: roles/storage.admin }");
    assertThat(codes()).containsExactly("missing_key");
    target("r", ONE, BOUND.replace("binder:", "bindr:"));
    assertThat(codes()).contains("unknown_key", "missing_key");
  }
}

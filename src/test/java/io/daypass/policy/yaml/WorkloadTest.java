package io.daypass.policy.yaml;

import static io.daypass.policy.yaml.Directory.person;
import static io.daypass.policy.yaml.Directory.workload;
import static org.assertj.core.api.Assertions.assertThat;

import io.daypass.document.Problem;
import io.daypass.identity.Identity;
import io.daypass.policy.Condition.Truth;
import io.daypass.policy.Decision;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WorkloadTest {

  private static final String GITHUB =
      "github: { repository-id: 7351, repository-owner-id: '42', ref: refs/heads/main }";
  private static final String GITLAB =
      "gitlab: { project-id: 7, ref: main, ref-type: branch, ref-protected: true }";
  private static final String KUBERNETES =
      "kubernetes: { namespace: shop, serviceaccount: deploy }";
  private static final String UUID = "0190a3f2-8a3b-7c4d-9e5f-0123456789ab";
  private static final String BUILDKITE =
      "buildkite: { pipeline-id: " + UUID + ", build-branch: main }";
  private static final String GENERIC =
      "generic: { issuer: circle, claims: { project: p-1, level: 7, trusted: true } }";

  private static final Map<String, Object> PUSH =
      Map.of(
          "repository_id",
          "7351",
          "repository_owner_id",
          "42",
          "ref",
          "refs/heads/main",
          "event_name",
          "push");
  private static final Map<String, Object> PIPELINE =
      Map.of(
          "project_id",
          "7",
          "ref",
          "main",
          "ref_type",
          "branch",
          "ref_protected",
          "true",
          "pipeline_source",
          "push");
  private static final Map<String, Object> POD =
      Map.of(
          "kubernetes.io",
          Map.of("namespace", "shop", "serviceaccount", Map.of("name", "deploy", "uid", "u-1")));

  @TempDir Path temporary;
  private Directory directory;

  @BeforeEach
  void open() {
    directory = new Directory(temporary);
  }

  private boolean granted(String preset, Identity caller) {
    directory.withRules("- { name: x, workload: { " + preset + " }, approval: automatic }");
    return directory.explain(caller).decision() instanceof Decision.Granted;
  }

  private List<String> refusals(String preset) {
    directory.withRules("- { name: x, workload: { " + preset + " }, approval: automatic }");
    return directory.problems().stream().map(Problem::code).distinct().toList();
  }

  private static Map<String, Object> but(Map<String, Object> claims, String name, Object value) {
    var changed = new HashMap<>(claims);
    changed.put(name, value);
    return changed;
  }

  private static Map<String, Object> without(Map<String, Object> claims, String name) {
    var changed = new HashMap<>(claims);
    changed.remove(name);
    return changed;
  }

  private static Identity github(Map<String, Object> claims) {
    return workload("github", "repo:acme/shop:ref:refs/heads/main", claims);
  }

  @Test
  void a_github_run_of_the_repository_and_branch_matches() {
    assertThat(granted(GITHUB, github(PUSH))).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "repository_id, 7352", "repository_id, 07351", "repository_id, '7351 '", "repository_id, ''",
    "repository_owner_id, 43", "ref, refs/heads/Main", "ref, refs/heads/main2", "ref, main",
    "ref, refs/heads/ma\u0456n"
  })
  void b1_claims_are_compared_byte_for_byte(String claim, String value) {
    assertThat(granted(GITHUB, github(but(PUSH, claim, value)))).isFalse();
  }

  @Test
  void a_claim_that_is_missing_or_of_another_type_is_not_met_and_says_why() {
    assertThat(granted(GITHUB, github(without(PUSH, "repository_id")))).isFalse();
    assertThat(granted(GITHUB, github(but(PUSH, "repository_id", 7351L)))).isFalse();
    assertThat(granted(GITHUB, github(but(PUSH, "ref", List.of("refs/heads/main"))))).isFalse();
    var trace = directory.explain(github(but(PUSH, "repository_id", 7351L))).trace().getFirst();
    assertThat(trace.conditions().getLast().text()).isEqualTo("github: repository_id is \"7351\"");
    assertThat(trace.conditions().getLast().truth())
        .isEqualTo(new Truth.Failed("the token's claim repository_id is not text"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"pull_request", "pull_request_target"})
  void b4_pull_requests_are_refused_unless_named(String event) {
    var claims = but(PUSH, "event_name", event);
    assertThat(granted(GITHUB, github(claims))).isFalse();
    assertThat(
            granted(GITHUB.replace(" }", ", event-name: [push, " + event + "] }"), github(claims)))
        .isTrue();
  }

  @Test
  void b4_a_run_whose_event_is_not_known_is_refused() {
    assertThat(granted(GITHUB, github(without(PUSH, "event_name")))).isFalse();
    assertThat(granted(GITHUB, github(but(PUSH, "event_name", 7L)))).isFalse();
  }

  @Test
  void b4_the_branch_of_a_pull_request_is_refused_also_with_an_environment_only() {
    var preset = "github: { repository-id: 7351, environment: production }";
    var claims = but(but(PUSH, "environment", "production"), "ref", "refs/pull/7/merge");
    assertThat(granted(preset, github(claims))).isFalse();
    assertThat(granted(preset, github(but(claims, "ref", "refs/heads/x")))).isTrue();
  }

  @Test
  void b4_a_repository_without_branch_or_environment_is_too_wide() {
    assertThat(refusals("github: { repository-id: 7351 }")).containsExactly("workload_too_wide");
    assertThat(refusals("github: { ref: refs/heads/main }")).containsExactly("missing_key");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "github: { repository: acme/shop, ref: x, repository-id: 7 }",
        "github: { repository-owner: acme, ref: x, repository-id: 7 }",
        "github: { actor: alice, ref: x, repository-id: 7 }",
        "github: { sub: 'repo:acme/shop', ref: x, repository-id: 7 }",
        "gitlab: { project-path: acme/shop, environment: x, project-id: 7 }",
        "gitlab: { user-login: alice, environment: x, project-id: 7 }",
        "buildkite: { pipeline-slug: x, build-branch: x, pipeline-id: " + UUID + " }",
        "buildkite: { organization: x, build-branch: x, pipeline-id: " + UUID + " }"
      })
  void b5_names_that_can_be_registered_again_are_refused(String preset) {
    assertThat(refusals(preset)).containsExactly("name_only_match");
  }

  @Test
  void b5_a_namesake_with_another_number_does_not_match() {
    var namesake = but(but(PUSH, "repository_id", "9"), "repository", "acme/shop");
    assertThat(granted(GITHUB, github(namesake))).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "github: { repository-id: 7, ref: 'refs/heads/*' }",
        "github: { repository-id: 7, ref: [a, 'b?'] }",
        "github: { repository-id: '*', ref: x }",
        "gitlab: { project-id: 7, environment: 'prod*' }",
        "kubernetes: { namespace: '*', serviceaccount: x }",
        "kubernetes: { namespace: x, serviceaccount: 'x?' }",
        "buildkite: { pipeline-id: " + UUID + ", build-branch: '*' }",
        "generic: { issuer: x, claims: { sub: 'a*' } }"
      })
  void b2_wildcards_are_refused(String preset) {
    assertThat(refusals(preset)).contains("wildcard_not_allowed");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "github: { repository-id: abc, ref: x }",
        "github: { repository-id: 0, ref: x }",
        "github: { repository-id: '07', ref: x }",
        "github: { repository-id: -7, ref: x }",
        "github: { repository-id: [], ref: x }",
        "github: { repository-id: 7, ref: ' x' }",
        "github: { repository-id: 7, ref: '' }",
        "github: { repository-id: 7, ref: { a: b } }",
        "github: { repository-id: 7.5, ref: x }",
        "github: { repository-id: 7, ref: x, refs: y }",
        "github: []",
        "github: { repository-id: 7, ref: x }, gitlab: { }",
        "jenkins: { a: b }",
        "gitlab: { project-id: 7 }",
        "gitlab: { project-id: 7, ref: main }",
        "gitlab: { project-id: x, environment: y }",
        "kubernetes: { namespace: x }",
        "kubernetes: { namespace: X, serviceaccount: y }",
        "buildkite: { pipeline-id: x, build-branch: y }",
        "buildkite: { pipeline-id: " + UUID + " }",
        "generic: { claims: { sub: x } }",
        "generic: { issuer: x }",
        "generic: { issuer: x, claims: { } }",
        "generic: { issuer: x, claims: { aud: y } }",
        "generic: { issuer: x, claims: { n: 1.5 } }",
        "generic: { issuer: x, claims: { n: ' ' } }",
        "generic: { issuer: x, claims: { n: [[y]] } }",
        "generic: { issuer: x, claims: { n: 9999999999999999999 } }",
        "generic: { issuer: x, claims: { n: [null] } }"
      })
  void what_is_not_exact_or_not_known_is_refused(String preset) {
    assertThat(refusals(preset)).isNotEmpty();
  }

  @Test
  void a_gitlab_pipeline_of_the_project_and_branch_matches() {
    assertThat(granted(GITLAB, workload("gitlab", "s", PIPELINE))).isTrue();
    assertThat(granted(GITLAB, workload("gitlab", "s", but(PIPELINE, "project_id", "8"))))
        .isFalse();
    assertThat(granted(GITLAB, workload("gitlab", "s", but(PIPELINE, "ref_protected", "false"))))
        .isFalse();
    assertThat(granted(GITLAB, workload("gitlab", "s", but(PIPELINE, "ref_protected", true))))
        .isFalse();
    assertThat(granted(GITLAB, workload("gitlab", "s", but(PIPELINE, "ref_type", "tag"))))
        .isFalse();
  }

  @Test
  void b4_gitlab_merge_requests_are_refused_unless_named() {
    var claims = but(PIPELINE, "pipeline_source", "merge_request_event");
    assertThat(granted(GITLAB, workload("gitlab", "s", claims))).isFalse();
    var named = GITLAB.replace(" }", ", pipeline-source: merge_request_event }");
    assertThat(granted(named, workload("gitlab", "s", claims))).isTrue();
    assertThat(granted(GITLAB, workload("gitlab", "s", without(PIPELINE, "pipeline_source"))))
        .isFalse();
  }

  @Test
  void b4_a_child_of_a_gitlab_merge_request_s_pipeline_is_refused_unless_named() {
    // A child pipeline has lost the event of its parent: it may be a merge request's.
    var claims = but(PIPELINE, "pipeline_source", "parent_pipeline");
    assertThat(granted(GITLAB, workload("gitlab", "s", claims))).isFalse();
    var named = GITLAB.replace(" }", ", pipeline-source: [push, parent_pipeline] }");
    assertThat(granted(named, workload("gitlab", "s", claims))).isTrue();
  }

  @Test
  void a_kubernetes_account_matches_by_subject_and_claim() {
    var subject = "system:serviceaccount:shop:deploy";
    assertThat(granted(KUBERNETES, workload("kubernetes", subject, POD))).isTrue();
    assertThat(granted(KUBERNETES, workload("kubernetes", subject, Map.of()))).isFalse();
    assertThat(granted(KUBERNETES, workload("kubernetes", "system:serviceaccount:shop:x", POD)))
        .isFalse();
    var elsewhere = Map.<String, Object>of("kubernetes.io", Map.of("namespace", "other"));
    assertThat(granted(KUBERNETES, workload("kubernetes", subject, elsewhere))).isFalse();
    var text = Map.<String, Object>of("kubernetes.io", "shop");
    assertThat(granted(KUBERNETES, workload("kubernetes", subject, text))).isFalse();
    var withUid = KUBERNETES.replace(" }", ", uid: u-1 }");
    assertThat(granted(withUid, workload("kubernetes", subject, POD))).isTrue();
    assertThat(granted(withUid.replace("u-1", "u-2"), workload("kubernetes", subject, POD)))
        .isFalse();
  }

  @Test
  void a_buildkite_pipeline_matches_by_its_uuid() {
    var claims = Map.<String, Object>of("pipeline_id", UUID, "build_branch", "main");
    assertThat(granted(BUILDKITE, workload("buildkite", "s", claims))).isTrue();
    assertThat(granted(BUILDKITE, workload("buildkite", "s", without(claims, "pipeline_id"))))
        .isFalse();
  }

  @Test
  void generic_claims_match_by_value_and_type() {
    var claims = Map.<String, Object>of("project", "p-1", "level", 7L, "trusted", true);
    assertThat(granted(GENERIC, workload("circle", "s", claims))).isTrue();
    assertThat(granted(GENERIC, workload("circle", "s", but(claims, "level", "7")))).isFalse();
    assertThat(granted(GENERIC, workload("circle", "s", but(claims, "level", 7.0)))).isFalse();
    assertThat(granted(GENERIC, workload("circle", "s", but(claims, "trusted", "true")))).isFalse();
    assertThat(granted(GENERIC, workload("circle", "s", but(claims, "trusted", false)))).isFalse();
    assertThat(granted(GENERIC, workload("circle", "s", but(claims, "project", "p-2")))).isFalse();
  }

  @Test
  void a21_the_same_claims_from_another_issuer_do_not_match() {
    for (var issuer : List.of("gitlab", "staff", "GitHub", "github2")) {
      assertThat(granted(GITHUB, workload(issuer, "s", PUSH))).as(issuer).isFalse();
    }
    var claims = Map.<String, Object>of("project", "p-1", "level", 7L, "trusted", true);
    assertThat(granted(GENERIC, workload("generic", "s", claims))).isFalse();
  }

  @Test
  void a21_a_preset_may_name_another_issuer_and_then_means_only_that() {
    var named = GITHUB.replace(" }", ", issuer: github-enterprise }");
    assertThat(granted(named, workload("github-enterprise", "s", PUSH))).isTrue();
    assertThat(granted(named, workload("github", "s", PUSH))).isFalse();
  }

  @Test
  void a21_a_person_is_no_workload_whatever_their_token_claims() {
    var person = person("repo:acme/shop:ref:refs/heads/main");
    var claiming =
        new Identity(person.id(), person.kind(), null, null, null, person.groups(), PUSH);
    assertThat(granted(GITHUB, claiming)).isFalse();
    assertThat(granted(GITHUB.replace(" }", ", issuer: staff }"), claiming)).isFalse();
  }

  @Test
  void who_and_workload_must_both_hold() {
    directory.withRules(
        "- { name: x, who: 'claims.run == 1', workload: { " + GITHUB + " }, approval: automatic }");
    assertThat(directory.explain(github(but(PUSH, "run", 1L))).decision())
        .isInstanceOf(Decision.Granted.class);
    assertThat(directory.explain(github(but(PUSH, "run", 2L))).decision())
        .isInstanceOf(Decision.Denied.class);
    assertThat(directory.explain(workload("x", "s", Map.of("run", 1L))).decision())
        .isInstanceOf(Decision.Denied.class);
  }
}

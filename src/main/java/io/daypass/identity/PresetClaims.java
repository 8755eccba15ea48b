package io.daypass.identity;

import java.util.Set;

/**
 * The claims that the presets' rules compare, held to the types their providers document: a number
 * where a string belongs is a forgery or a mistake, and neither may match a rule.
 */
final class PresetClaims {

  /** GitHub's reference "OpenID Connect": ids are strings. */
  private static final Set<String> GITHUB =
      Set.of(
          "repository",
          "repository_id",
          "repository_owner",
          "repository_owner_id",
          "repository_visibility",
          "ref",
          "ref_type",
          "environment",
          "event_name",
          "actor_id",
          "run_id",
          "run_attempt",
          "job_workflow_ref",
          "runner_environment");

  /** GitLab's "OpenID Connect ID tokens": also the booleans are strings. */
  private static final Set<String> GITLAB =
      Set.of(
          "namespace_id",
          "namespace_path",
          "project_id",
          "project_path",
          "user_id",
          "pipeline_id",
          "pipeline_source",
          "job_id",
          "ref",
          "ref_type",
          "ref_path",
          "ref_protected",
          "environment",
          "environment_protected",
          "deployment_tier",
          "runner_environment");

  private static final Set<String> BUILDKITE =
      Set.of(
          "organization_id",
          "organization_slug",
          "pipeline_id",
          "pipeline_slug",
          "build_branch",
          "build_commit",
          "job_id",
          "agent_id");

  private PresetClaims() {}

  static void check(TrustedIssuer.Preset preset, ClaimReader claims) {
    switch (preset) {
      case GITHUB -> texts(GITHUB, claims);
      case GITLAB -> texts(GITLAB, claims);
      case BUILDKITE -> texts(BUILDKITE, claims);
      case KUBERNETES -> kubernetes(claims.object("kubernetes.io"));
      case GENERIC -> {}
    }
  }

  /** An empty id names nothing; an empty environment or branch is how some say "none". */
  private static void texts(Set<String> names, ClaimReader claims) {
    for (var name : names) {
      if (name.endsWith("_id")) {
        claims.text(name);
      } else {
        claims.anyText(name);
      }
    }
  }

  private static void kubernetes(ClaimReader cluster) {
    cluster.text("namespace");
    var account = cluster.object("serviceaccount");
    account.text("name");
    account.text("uid");
  }
}

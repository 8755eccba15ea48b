package io.daypass.policy.yaml;

import io.daypass.policy.Condition;
import java.util.List;

/**
 * GitLab CI (GitLab's "OpenID Connect (OIDC) authentication using ID tokens"): a project by its
 * number, and an environment or a branch of known type or protection. Pipelines of merge requests
 * are refused unless {@code pipeline-source} names them: in a fork they run what an outsider wrote.
 * So are child pipelines, whose tokens do not say what began their parent.
 */
record GitLabPreset(PresetReader claims) {

  List<Condition> read() {
    claims.refuseNames("project-id", "project-path", "subject", "sub");
    claims.refuseNames("namespace-id", "namespace-path");
    claims.refuseNames("user-id", "user-login", "user-email");
    claims.reader().require("project-id");
    claims.requireOneOf("ref", "environment");
    if (claims.has("ref") && !claims.has("environment")) {
      // A tag may be called as a branch is.
      claims.requireOneOf("ref-type", "ref-protected");
    }
    claims.number("project-id");
    claims.number("namespace-id");
    claims.number("user-id");
    for (var key :
        List.of(
            "ref",
            "ref-type",
            "ref-protected",
            "environment",
            "environment-protected",
            "deployment-tier",
            "ci-config-ref-uri",
            "runner-environment")) {
      claims.text(key);
    }
    if (claims.has("pipeline-source")) {
      claims.text("pipeline-source");
    } else {
      var source = List.of("merge_request_event", "external_pull_request_event", "parent_pipeline");
      claims.add(new ClaimIsNot(claims.preset(), "pipeline_source", source, false, false));
    }
    return claims.conditions();
  }
}

package io.daypass.policy.yaml;

import io.daypass.policy.Condition;
import java.util.List;

/**
 * Buildkite (Buildkite's "OIDC with Buildkite"): a pipeline by its UUID, and a branch or tag. The
 * token must be asked for with {@code --claim pipeline_id} (and {@code organization_id}).
 */
record BuildkitePreset(PresetReader claims) {

  List<Condition> read() {
    claims.refuseNames("pipeline-id", "pipeline-slug", "pipeline", "subject", "sub");
    claims.refuseNames("organization-id", "organization-slug", "organization");
    claims.reader().require("pipeline-id");
    claims.requireOneOf("build-branch", "build-tag");
    claims.uuid("pipeline-id");
    claims.uuid("organization-id");
    claims.uuid("cluster-id");
    for (var key :
        List.of("build-branch", "build-tag", "build-source", "step-key", "runner-environment")) {
      claims.text(key);
    }
    return claims.conditions();
  }
}

package io.daypass.policy.yaml;

import io.daypass.policy.Condition;
import java.util.List;

/**
 * GitHub Actions (GitHub's "OpenID Connect reference"): a repository by its number, and a branch or
 * an environment. Runs for pull requests are refused unless {@code event-name} names them: they run
 * what an outsider wrote.
 */
record GitHubPreset(PresetReader claims) {

  private static final List<String> OUTSIDE = List.of("pull_request", "pull_request_target");

  List<Condition> read() {
    claims.refuseNames("repository-id", "repository", "subject", "sub");
    claims.refuseNames("repository-owner-id", "repository-owner");
    claims.refuseNames("actor-id", "actor");
    claims.reader().require("repository-id");
    claims.requireOneOf("ref", "environment");
    claims.number("repository-id");
    claims.number("repository-owner-id");
    claims.text("ref");
    claims.text("environment");
    claims.text("job-workflow-ref");
    claims.text("runner-environment");
    claims.number("actor-id");
    events();
    return claims.conditions();
  }

  private void events() {
    var preset = claims.preset();
    var named = claims.values("event-name");
    claims.is(List.of("event_name"), named);
    if (named.isEmpty()) {
      claims.add(new ClaimIsNot(preset, "event_name", OUTSIDE, false, false));
    }
    if (named.stream().noneMatch(OUTSIDE::contains)) {
      claims.add(new ClaimIsNot(preset, "ref", List.of("refs/pull/"), true, true));
    }
  }
}

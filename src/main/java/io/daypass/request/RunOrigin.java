package io.daypass.request;

import io.daypass.identity.Identity;
import io.daypass.identity.Kind;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where a pipeline's token says it comes from, for people who decide: read from the claims of
 * GitHub, GitLab and Buildkite as their documents name them. Shown, never compared.
 *
 * @param repository as its service spells it
 * @param run a link to the run; only ever to the token's own issuer, or to Buildkite
 */
public record RunOrigin(
    String repository,
    @Nullable String ref,
    @Nullable String commit,
    @Nullable String actor,
    @Nullable String run) {

  private static final Pattern PATH = Pattern.compile("[A-Za-z0-9._-]+(?:/[A-Za-z0-9._-]+){1,20}");
  private static final Pattern NUMBER = Pattern.compile("[0-9]{1,20}");
  private static final Pattern ORIGIN =
      Pattern.compile("(https?://[A-Za-z0-9.-]+(?::[0-9]+)?)/?.*");
  private static final String GITHUB = "https://token.actions.githubusercontent.com";

  /** What {@code requester} says of its run; empty for people and for what runs in no pipeline. */
  public static Optional<RunOrigin> of(Identity requester) {
    if (requester.kind() != Kind.WORKLOAD) {
      return Optional.empty();
    }
    var claims = requester.claims();
    if (text(claims, "repository") != null) {
      return Optional.of(gitHub(claims));
    }
    if (text(claims, "project_path") != null) {
      return Optional.of(gitLab(claims));
    }
    return text(claims, "pipeline_slug") == null
        ? Optional.empty()
        : Optional.of(buildkite(claims));
  }

  private static RunOrigin gitHub(Map<String, Object> claims) {
    var issuer = text(claims, "iss");
    var site = GITHUB.equals(issuer) ? "https://github.com" : origin(issuer);
    var repository = shown(claims, "repository");
    var attempt = text(claims, "run_attempt");
    var run = text(claims, "run_id");
    var link = link(site, repository, "/actions/runs/", run);
    if (link != null && attempt != null && NUMBER.matcher(attempt).matches()) {
      link += "/attempts/" + attempt;
    }
    return new RunOrigin(
        repository, text(claims, "ref"), text(claims, "sha"), text(claims, "actor"), link);
  }

  private static RunOrigin gitLab(Map<String, Object> claims) {
    var project = shown(claims, "project_path");
    var site = origin(text(claims, "iss"));
    return new RunOrigin(
        project,
        text(claims, "ref"),
        text(claims, "sha"),
        text(claims, "user_login"),
        link(site, project, "/-/pipelines/", text(claims, "pipeline_id")));
  }

  private static RunOrigin buildkite(Map<String, Object> claims) {
    var pipeline = shown(claims, "organization_slug") + "/" + shown(claims, "pipeline_slug");
    var number = claims.get("build_number");
    return new RunOrigin(
        pipeline,
        text(claims, "build_branch"),
        text(claims, "build_commit"),
        null,
        link(
            "https://buildkite.com",
            pipeline,
            "/builds/",
            number == null ? null : number.toString()));
  }

  private static @Nullable String link(
      @Nullable String site, String path, String between, @Nullable String number) {
    return site != null
            && number != null
            && PATH.matcher(path).matches()
            && !path.contains("..")
            && NUMBER.matcher(number).matches()
        ? site + "/" + path + between + number
        : null;
  }

  private static @Nullable String origin(@Nullable String issuer) {
    if (issuer == null) {
      return null;
    }
    var matcher = ORIGIN.matcher(issuer);
    return matcher.matches() ? matcher.group(1) : null;
  }

  private static String shown(Map<String, Object> claims, String name) {
    var text = text(claims, name);
    return text == null ? "" : text;
  }

  private static @Nullable String text(Map<String, Object> claims, String name) {
    return claims.get(name) instanceof String text && !text.isBlank() ? text : null;
  }
}

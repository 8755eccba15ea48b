package io.daypass.identity;

import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What an issuer must be before it can be believed. Every problem is told, not the first. */
public final class IssuerRules {

  /**
   * Audiences that other services take, in lower case. A token made for one of them was not made
   * for this deployment, and whoever receives it could use it here.
   */
  private static final Set<String> SHARED_AUDIENCES =
      Set.of(
          "sts.amazonaws.com",
          "sts.amazonaws.com.cn",
          "api://azureadtokenexchange",
          "api://azureadtokenexchangeusgov",
          "api://azureadtokenexchangechina",
          "https://kubernetes.default",
          "https://kubernetes.default.svc",
          "https://kubernetes.default.svc.cluster.local",
          "kubernetes",
          "kubernetes.default.svc",
          "api",
          "https://gitlab.com",
          "sigstore",
          "pypi",
          "testpypi",
          "crates.io",
          "rubygems.org",
          "npm:registry.npmjs.org",
          "vault");

  /** The same, by how they begin: what GitHub and Google make where no audience was asked for. */
  private static final List<String> SHARED_PREFIXES =
      List.of(
          "https://github.com/",
          "//iam.googleapis.com/",
          "https://iam.googleapis.com/",
          "https://container.googleapis.com/");

  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_.-]{0,63}");
  private static final Duration LONGEST_LONGEST_LIFE = Duration.ofDays(366);
  private static final Pattern LOOPBACK =
      Pattern.compile("localhost|127(\\.[0-9]{1,3}){3}|\\[(::1|0:0:0:0:0:0:0:1)]");

  private IssuerRules() {}

  /** Why this cannot be an issuer, in words for the operator; empty if it can. */
  public static List<String> problems(
      String name, String issuer, String audience, Duration longestLife, @Nullable URI jwksUri) {
    var problems = new ArrayList<String>();
    if (!NAME.matcher(name).matches()) {
      problems.add("an issuer's name is 1 to 64 letters, digits, '_', '.' or '-'");
    }
    var url = parse(issuer);
    if (url == null || !secure(url) || url.getRawQuery() != null) {
      problems.add(
          "issuer %s: its issuer must be an https URL without query or fragment".formatted(name));
    }
    audienceProblem(issuer, audience)
        .ifPresent(problem -> problems.add("issuer %s: %s".formatted(name, problem)));
    if (!longestLife.isPositive() || longestLife.compareTo(LONGEST_LONGEST_LIFE) > 0) {
      problems.add("issuer %s: the longest life of a token must be 1 s to 366 d".formatted(name));
    }
    if (jwksUri != null && !secure(jwksUri)) {
      problems.add("issuer %s: its jwks-uri must be an https URL".formatted(name));
    }
    return List.copyOf(problems);
  }

  /**
   * Why these cannot be believed together by a broker at {@code publicUrl}; empty if they can. Two
   * entries of one issuer would leave open which of them a token belongs to, and a broker that
   * believed its own tokens would take what it hands to clouds for a caller.
   */
  public static List<String> clashes(List<TrustedIssuer> issuers, String publicUrl) {
    var problems = new ArrayList<String>();
    var names = new HashSet<String>();
    var urls = new HashSet<String>();
    var own = comparable(publicUrl);
    for (var issuer : issuers) {
      if (!names.add(issuer.name().toLowerCase(Locale.ROOT))) {
        problems.add("issuer %s: the name is used twice".formatted(issuer.name()));
      }
      var url = comparable(issuer.issuer());
      if (!urls.add(url)) {
        problems.add("issuer %s: another entry has the same issuer".formatted(issuer.name()));
      }
      if (url.equals(own)) {
        problems.add("issuer %s: the broker cannot be its own issuer".formatted(issuer.name()));
      }
    }
    return List.copyOf(problems);
  }

  private static Optional<String> audienceProblem(String issuer, String audience) {
    if (audience.isBlank() || !audience.equals(audience.strip())) {
      return Optional.of("an audience is mandatory, without spaces around it");
    }
    var lower = audience.toLowerCase(Locale.ROOT);
    var bare = lower.endsWith("/") ? lower.substring(0, lower.length() - 1) : lower;
    if (SHARED_AUDIENCES.contains(bare)
        || SHARED_PREFIXES.stream().anyMatch(lower::startsWith)
        || comparable(audience).equals(comparable(issuer))) {
      return Optional.of(
          "the audience is one that other services take; use this deployment's own URL");
    }
    return Optional.empty();
  }

  /** Whether what is fetched from there can only come from there. */
  private static boolean secure(URI uri) {
    var host = uri.getHost();
    if (host == null || uri.getRawUserInfo() != null || uri.getRawFragment() != null) {
      return false;
    }
    return "https".equals(uri.getScheme())
        || ("http".equals(uri.getScheme())
            && LOOPBACK.matcher(host.toLowerCase(Locale.ROOT)).matches());
  }

  /** Errs towards "the same": only ever used to refuse. */
  private static String comparable(String url) {
    var lower = url.strip().toLowerCase(Locale.ROOT);
    while (lower.endsWith("/")) {
      lower = lower.substring(0, lower.length() - 1);
    }
    var uri = parse(lower);
    if (uri == null || uri.getHost() == null) {
      return lower;
    }
    var usual = "https".equals(uri.getScheme()) ? 443 : 80;
    var port = uri.getPort() == -1 ? usual : uri.getPort();
    return uri.getScheme() + "://" + uri.getHost() + ":" + port + uri.getRawPath();
  }

  private static @Nullable URI parse(String url) {
    try {
      return new URI(url);
    } catch (URISyntaxException e) {
      return null;
    }
  }
}

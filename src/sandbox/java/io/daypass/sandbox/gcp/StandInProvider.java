package io.daypass.sandbox.gcp;

import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A provider of a workload identity pool.
 *
 * @param name in full: {@code //iam.googleapis.com/projects/N/locations/global/...}
 * @param issuer whose tokens it takes, to the byte
 * @param audiences the {@code aud} it takes; none means its own name, with or without {@code
 *     https:}
 * @param mapping {@code google.subject} and {@code attribute.*}, each an expression over {@code
 *     assertion}
 * @param condition what a token must pass; null if any may
 */
public record StandInProvider(
    String name,
    String issuer,
    List<String> audiences,
    Map<String, String> mapping,
    @Nullable String condition) {

  private static final Pattern NAME =
      Pattern.compile(
          "//iam\\.googleapis\\.com/(projects/[0-9]+/locations/global/workloadIdentityPools"
              + "/[a-z0-9-]{4,32})/providers/[a-z0-9-]{4,32}");

  public StandInProvider {
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException("not the full name of a provider");
    }
    if (!mapping.containsKey("google.subject") || mapping.size() > 50 || audiences.size() > 10) {
      throw new IllegalArgumentException("google.subject is mapped, and no more than Google takes");
    }
    audiences = List.copyOf(audiences);
    mapping = Map.copyOf(mapping);
  }

  /** As the sandbox's Terraform would make it. */
  public static StandInProvider of(String name, String issuer) {
    return new StandInProvider(
        name,
        issuer,
        List.of(),
        Map.of("google.subject", "assertion.sub"),
        "assertion.sub.startsWith('role:') || assertion.sub.startsWith('daypass:')");
  }

  boolean takes(String audience) {
    return audiences.isEmpty()
        ? audience.equals(name) || audience.equals("https:" + name)
        : audiences.contains(audience);
  }

  /** The name that IAM policies know a subject of the pool by. */
  String principal(String subject) {
    return "principal:" + pool() + "/subject/" + subject;
  }

  /** The name of all whose attribute has that value. */
  String principals(String attribute, String value) {
    return "principalSet:" + pool() + "/" + attribute + "/" + value;
  }

  private String pool() {
    return name.substring(0, name.indexOf("/providers/"));
  }
}

package io.daypass.sandbox.aws;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/** The accounts' roles and their inline policies. */
final class Roles {

  private final Map<String, StandInRole> byArn = new ConcurrentHashMap<>();
  private final Map<String, Map<String, Inline>> inline = new ConcurrentHashMap<>();

  /** An inline policy, in force from {@code effectiveAt} on: IAM is eventually consistent. */
  record Inline(String text, PolicyDocument policy, Instant effectiveAt) {}

  static Roles ofTheSandbox() {
    var roles = new Roles();
    var account = "123456789012";
    for (var name : List.of("staging-admin", "prod-readonly", "prod-admin")) {
      roles.add(StandInRole.of(account, "daypass-" + name, Duration.ofHours(12), "role:" + name));
    }
    for (var name : List.of("ci-deploy", "ci-release")) {
      roles.add(StandInRole.of(account, "daypass-" + name, Duration.ofHours(1), "role:" + name));
    }
    // Daypass's own, to cut sessions with.
    roles.add(
        StandInRole.of(account, "daypass-revoker", Duration.ofHours(1), "daypass:revoker")
            .editingRoles());
    return roles;
  }

  void add(StandInRole role) {
    byArn.put(role.arn(), role);
  }

  Optional<StandInRole> get(String arn) {
    return Optional.ofNullable(byArn.get(arn));
  }

  /** Accounts without roles have no OIDC provider either. */
  boolean haveTheAccountOf(String arn) {
    var account = arn.substring(0, arn.indexOf(":role/") + 1);
    for (var known : byArn.keySet()) {
      if (!account.isEmpty() && known.startsWith(account)) {
        return true;
      }
    }
    return false;
  }

  /** The client ids of the OIDC provider: every audience some role trusts. */
  boolean isAudience(String audience) {
    for (var role : byArn.values()) {
      if (role.audience().equals(audience)) {
        return true;
      }
    }
    return false;
  }

  /** The inline policies of a role by name: a copy. */
  Map<String, Inline> inline(String arn) {
    var policies = inline.get(arn);
    if (policies == null) {
      return Map.of();
    }
    synchronized (policies) {
      return new TreeMap<>(policies);
    }
  }

  void put(String arn, String policyName, Inline policy) {
    var policies = inline.computeIfAbsent(arn, _ -> new TreeMap<>());
    synchronized (policies) {
      policies.put(policyName, policy);
    }
  }

  boolean remove(String arn, String policyName) {
    var policies = inline.computeIfAbsent(arn, _ -> new TreeMap<>());
    synchronized (policies) {
      return policies.remove(policyName) != null;
    }
  }
}

package io.daypass.sandbox.gcp;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The allow policies of projects: replaced as a whole, and in force only after a while. */
final class Policies {

  /** IAM quotas: bindings of one role to one member that differ in their conditions only. */
  private static final int MOST_CONDITIONS = 20;

  private final Expressions expressions;
  private final Map<String, List<Version>> versions = new HashMap<>();
  private volatile Duration propagation = Duration.ZERO;
  private long written;

  /** A policy as it was set; in force from {@code effectiveAt} on. */
  private record Version(List<Binding> bindings, String etag, Instant effectiveAt) {}

  Policies(Expressions expressions) {
    this.expressions = expressions;
  }

  void propagation(Duration delay) {
    propagation = delay;
  }

  /** Adds a project, whose policy gives its own people what no binding of Daypass may change. */
  synchronized void add(String resource) {
    var owners = new Binding("roles/owner", Set.of("group:owners@acme.example"), null, "", "");
    append(resource, List.of(owners), Instant.EPOCH);
  }

  private void append(String resource, List<Binding> bindings, Instant effectiveAt) {
    versions
        .computeIfAbsent(resource, _ -> new ArrayList<>())
        .add(new Version(List.copyOf(bindings), etag(), effectiveAt));
  }

  synchronized boolean has(String resource) {
    return versions.containsKey(resource);
  }

  synchronized JsonObject get(String resource, int version) {
    var latest = latest(resource);
    var conditional = latest.bindings().stream().anyMatch(each -> each.expression() != null);
    var bindings = new JsonArray();
    latest.bindings().forEach(each -> bindings.add(each.json(version >= 3)));
    return new JsonObject()
        .put("version", conditional && version >= 3 ? 3 : 1)
        .put("etag", latest.etag())
        .put("bindings", bindings);
  }

  /** Replaces the policy, if {@code policy} is made of the latest, by one who may change roles. */
  synchronized JsonObject set(
      String resource, JsonObject policy, Set<String> grantable, Instant now) {
    var latest = latest(resource);
    // The real one overwrites without an etag; nobody should do so, so this one does not.
    if (!(policy.getValue("etag") instanceof String etag)) {
      throw Refused.invalid("The policy must have the etag of the one it replaces.");
    }
    var bindings = Binding.read(policy, expressions);
    var conditional = bindings.stream().anyMatch(each -> each.expression() != null);
    if (conditional && !Integer.valueOf(3).equals(policy.getInteger("version", 0))) {
      throw Refused.invalid("Policies with conditions must have version 3.");
    }
    for (var role : changed(latest.bindings(), bindings)) {
      if (!grantable.contains(role)) {
        throw Refused.denied("resourcemanager.projects.setIamPolicy");
      }
    }
    limit(bindings);
    if (!etag.equals(latest.etag())) {
      throw Refused.api(
          409,
          "ABORTED",
          "There were concurrent policy changes. Please retry the whole read-modify-write with"
              + " exponential backoff.");
    }
    append(resource, bindings, now.plus(propagation));
    return get(resource, 3);
  }

  /** Somebody else edits the policy, at once and with every right. */
  synchronized void edit(String resource, JsonObject binding) {
    var bindings = new ArrayList<>(latest(resource).bindings());
    bindings.addAll(
        Binding.read(new JsonObject().put("bindings", new JsonArray().add(binding)), expressions));
    append(resource, bindings, Instant.EPOCH);
  }

  /** Whether {@code member} has {@code role} at {@code resource} now. */
  synchronized boolean gives(String resource, String role, String member, Instant now) {
    var inForce =
        versions.getOrDefault(resource, List.of()).reversed().stream()
            .filter(each -> !now.isBefore(each.effectiveAt()))
            .findFirst();
    return inForce.isPresent()
        && inForce.get().bindings().stream()
            .anyMatch(each -> each.gives(role, member, expressions, now));
  }

  private Version latest(String resource) {
    var known = versions.get(resource);
    if (known == null) {
      throw Refused.denied("resourcemanager.projects.getIamPolicy");
    }
    return known.getLast();
  }

  /** The roles whose grants differ: what {@code modifiedGrantsByRole} says of the call. */
  private static Set<String> changed(List<Binding> before, List<Binding> after) {
    var changed = new HashSet<String>();
    grants(before).stream()
        .filter(each -> !grants(after).contains(each))
        .forEach(each -> changed.add(each.role()));
    grants(after).stream()
        .filter(each -> !grants(before).contains(each))
        .forEach(each -> changed.add(each.role()));
    return changed;
  }

  private record Given(String role, String member, String condition) {}

  private static Set<Given> grants(List<Binding> bindings) {
    var grants = new HashSet<Given>();
    for (var binding : bindings) {
      for (var member : binding.members()) {
        grants.add(
            new Given(
                binding.role(),
                member,
                binding.expression() + "\n" + binding.title() + "\n" + binding.description()));
      }
    }
    return grants;
  }

  private static void limit(List<Binding> bindings) {
    var conditions = new HashMap<String, Integer>();
    for (var grant : grants(bindings)) {
      if (conditions.merge(grant.role() + " " + grant.member(), 1, Integer::sum)
          > MOST_CONDITIONS) {
        throw Refused.invalid("Too many bindings of one role to one member.");
      }
    }
  }

  private String etag() {
    written++;
    return Base64.getEncoder().encodeToString(ByteBuffer.allocate(8).putLong(written).array());
  }
}

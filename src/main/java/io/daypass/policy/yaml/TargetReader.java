package io.daypass.policy.yaml;

import io.daypass.document.MappingReader;
import io.daypass.policy.ConsoleDestination;
import io.daypass.policy.RoleArn;
import io.daypass.policy.SessionPolicy;
import io.daypass.policy.Target;
import io.daypass.policy.Target.Aws;
import io.daypass.policy.Target.Azure;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads {@code target}: the one cloud role that a role stands for, written out in full. */
record TargetReader(
    SessionPolicyReader sessionPolicies, Installation installation, Findings findings) {

  private static final Pattern UUID =
      Pattern.compile("[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}");
  private static final Pattern SCOPE = Pattern.compile("[!-~&&[^*?{}$]]{1,512}");

  Optional<Target> read(MappingReader role) {
    var target = role.requiredMapping("target");
    if (target.isEmpty()) {
      return Optional.empty();
    }
    var clouds = List.copyOf(target.get().keys());
    if (clouds.size() != 1) {
      target.get().problem("bad_value", "\"target\" is one of aws, gcp, azure or oidc");
      return Optional.empty();
    }
    var cloud = clouds.getFirst();
    var reader = target.get().mapping(cloud);
    return reader.flatMap(found -> read(cloud, found, target.get()));
  }

  private Optional<Target> read(String cloud, MappingReader reader, MappingReader target) {
    Optional<Target> read =
        switch (cloud) {
          case "aws" -> aws(reader).map(Function.identity());
          case "gcp" -> new GoogleTargetReader(reader, findings).read().map(Function.identity());
          case "azure" -> azure(reader).map(Function.identity());
          case "oidc" -> new OidcTargetReader(reader, installation).read().map(Function.identity());
          default -> {
            target.problem(cloud, "bad_value", "\"target\" is one of aws, gcp, azure or oidc");
            yield Optional.empty();
          }
        };
    if (List.of("aws", "gcp", "azure", "oidc").contains(cloud)) {
      reader.finish();
    }
    return read;
  }

  private Optional<Aws> aws(MappingReader reader) {
    reader.require("role-arn");
    var arn =
        reader.parsed(
            "role-arn", RoleArn::parse, "a full ARN such as arn:aws:iam::123456789012:role/name");
    @Nullable SessionPolicy own = null;
    if (reader.has("session-policy")) {
      own = sessionPolicies.read(reader).orElse(null);
    }
    var console = reader.texts("console");
    for (var key : console) {
      if (ConsoleDestination.of(key).isEmpty()) {
        var message = "\"" + key + "\" is not a place of the console that is known";
        findings.error(reader.placeOfValue("console"), "console_unknown", message);
      }
    }
    var policy = own;
    return arn.map(found -> new Aws(found, policy, console));
  }

  private Optional<Azure> azure(MappingReader reader) {
    var tenant = matched(reader, "tenant", UUID, "the tenant's UUID");
    var client = matched(reader, "client-id", UUID, "the application's UUID");
    var spares = spares(reader, client.orElse(""));
    var scope = matched(reader, "scope", SCOPE, "a scope such as https://vault.azure.net/.default");
    if (scope.isPresent() && !scope.get().endsWith("/.default")) {
      reader.problem(
          "scope", "bad_value", "an application asks for a scope that ends in /.default");
    }
    var assignment = reader.mapping("role-assignment").flatMap(this::assignment);
    var accepted = reader.text("outlives-approval");
    if (accepted.isPresent() && !accepted.get().equals("accepted")) {
      reader.problem(
          "outlives-approval", "bad_value", "\"outlives-approval\" can only be accepted");
    }
    if (reader.has("role-assignment") == reader.has("outlives-approval")) {
      var message =
          "an Azure token cannot be ended: give a \"role-assignment\" that can, or say"
              + " \"outlives-approval: accepted\"";
      reader.problem("azure_may_outlive", message);
    }
    if (!spares.isEmpty() && !reader.has("role-assignment")) {
      var message = "spare identities are for a \"role-assignment\": without one, all share one";
      reader.problem("spare-client-ids", "bad_value", message);
    }
    return tenant.flatMap(t ->
        client.flatMap(
            c -> scope.map(s -> new Azure(t, all(c, spares), s, assignment.orElse(null)))));
  }

  private static List<String> all(String first, List<String> spares) {
    return Stream.concat(Stream.of(first), spares.stream()).toList();
  }

  private static List<String> spares(MappingReader reader, String client) {
    var spares = reader.texts("spare-client-ids");
    var seen = new HashSet<>(Set.of(client.toLowerCase(Locale.ROOT)));
    for (var spare : spares) {
      if (!UUID.matcher(spare).matches() || !seen.add(spare.toLowerCase(Locale.ROOT))) {
        var message = "\"spare-client-ids\" are the UUIDs of other applications, each once";
        reader.problem("spare-client-ids", "bad_value", message);
      }
    }
    return spares;
  }

  private Optional<Azure.RoleAssignment> assignment(MappingReader reader) {
    var role = matched(reader, "role", UUID, "the UUID of a role definition");
    var scope = matched(reader, "scope", SCOPE, "a scope such as /subscriptions/UUID");
    if (scope.isPresent() && !scope.get().startsWith("/")) {
      reader.problem("scope", "bad_value", "a scope of Azure starts with /");
    }
    reader.finish();
    return role.flatMap(r -> scope.map(s -> new Azure.RoleAssignment(r, s)));
  }

  static Optional<String> matched(MappingReader reader, String key, Pattern pattern, String what) {
    return reader.require(key)
        ? reader.parsed(
            key, text -> Optional.of(text).filter(t -> pattern.matcher(t).matches()), what)
        : Optional.empty();
  }
}

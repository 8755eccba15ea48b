package io.daypass.policy.yaml;

import io.daypass.document.Documents;
import io.daypass.document.Documents.Parsed.Broken;
import io.daypass.document.Documents.Parsed.Read;
import io.daypass.document.Place;
import io.daypass.document.Problem;
import io.daypass.policy.Policies;
import io.daypass.policy.Role;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A directory of policies: one role per {@code *.yaml} or {@code *.yml} file. It is read whole or
 * not at all; one bad file refuses the set, and every problem of every file is named.
 */
public final class PolicyDirectory {

  private PolicyDirectory() {}

  /** What became of the directory. */
  public sealed interface Loaded {

    /** Every file is good. */
    record Read(Policies policies, List<Problem> warnings) implements Loaded {
      public Read {
        warnings = List.copyOf(warnings);
      }
    }

    /** Nothing is loaded. */
    record Broken(List<Problem> problems, List<Problem> warnings) implements Loaded {
      public Broken {
        problems = List.copyOf(problems);
        warnings = List.copyOf(warnings);
      }
    }
  }

  /** Reads it once. */
  public static Loaded load(Path directory, Installation known) {
    var findings = new Findings();
    try {
      var policies = new Reading(PolicyFiles.in(directory), known, findings).read();
      return policies.isPresent()
          ? new Loaded.Read(policies.get(), findings.sortedWarnings())
          : new Loaded.Broken(findings.sortedErrors(), findings.sortedWarnings());
    } catch (IOException e) {
      var place = new Place(directory.toString(), 1, 1);
      findings.error(place, "directory_unreadable", "this is not a directory that can be read");
      return new Loaded.Broken(findings.sortedErrors(), findings.sortedWarnings());
    }
  }

  /** One reading of one directory. */
  private record Reading(PolicyFiles files, Installation known, Findings findings) {

    Optional<Policies> read() throws IOException {
      var roles = new ArrayList<Role>();
      var everything = new TreeMap<String, byte[]>();
      var places = new HashMap<String, Place>();
      var accounts = new GoogleAccounts();
      var identities = new AzureIdentities();
      var reader = roleReader();
      for (var name : files.roleFiles()) {
        files.forget();
        for (var role : role(name, reader).stream().toList()) {
          checkName(role, name, places);
          accounts.check(role, new Place(name, 1, 1), findings);
          identities.check(role, new Place(name, 1, 1), findings);
          roles.add(withDigest(role, Meaning.digest(name, files.used())));
        }
        everything.putAll(files.used());
      }
      if (files.roleFiles().isEmpty()) {
        // An empty mount must not look like a policy that gives nobody anything.
        findings.error(
            new Place(".", 1, 1), "no_policies", "the directory holds no *.yaml or *.yml file");
      }
      return findings.errors().isEmpty()
          ? Optional.of(new Policies(roles, Digest.of(everything)))
          : Optional.empty();
    }

    private RoleReader roleReader() {
      var cel = new Cel();
      var issuer = new RuleIssuer(known.humans(), findings);
      var approvals = new ApprovalReader(cel, issuer, findings);
      return new RoleReader(
          new TargetReader(new SessionPolicyReader(files, findings), known, findings),
          new RuleReader(cel, issuer, approvals, findings),
          findings);
    }

    private Optional<Role> role(String name, RoleReader reader) {
      return switch (files.read(name)) {
        case PolicyFiles.Content.Refused(var why) -> {
          findings.error(new Place(name, 1, 1), "file_refused", why);
          yield Optional.empty();
        }
        case PolicyFiles.Content.Bytes(var bytes) ->
            switch (Documents.parse(name, bytes)) {
              case Broken(var problems) -> {
                findings.errors().addAll(problems);
                yield Optional.empty();
              }
              case Read(var root) -> reader.read(root);
            };
      };
    }

    /** Names that differ in case only would be one in some places and two in others. */
    private void checkName(Role role, String file, Map<String, Place> places) {
      var place = new Place(file, 1, 1);
      var earlier = places.putIfAbsent(role.name().toLowerCase(Locale.ROOT), place);
      if (earlier != null) {
        var message =
            "the role \"%s\" already stands in %s (case does not count)"
                .formatted(role.name(), earlier.file());
        findings.error(place, "role_name_taken", message);
      }
    }

    private static Role withDigest(Role role, String digest) {
      return new Role(
          role.name(),
          role.description(),
          role.access(),
          role.sensitivity(),
          role.target(),
          role.maxDuration(),
          role.credentialLifetime(),
          role.rules(),
          digest);
    }
  }
}

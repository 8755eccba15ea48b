package io.daypass.policy.yaml;

import io.daypass.document.MappingReader;
import io.daypass.policy.Target.Google;
import io.daypass.policy.Target.Google.IamBinding;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Reads the target of a Google access token. */
record GoogleTargetReader(MappingReader reader, Findings findings) {

  private static final Pattern SERVICE_ACCOUNT =
      Pattern.compile("[a-z][a-z0-9-]{4,28}[a-z0-9]@[a-z0-9.:-]{1,100}\\.gserviceaccount\\.com");
  private static final Pattern PROVIDER =
      Pattern.compile(
          "//iam\\.googleapis\\.com/projects/[0-9]{1,20}/locations/global"
              + "/workloadIdentityPools/[a-z0-9-]{4,32}/providers/[a-z0-9-]{4,32}");
  private static final Pattern RESOURCE =
      Pattern.compile(
          "projects/(?:[a-z][a-z0-9-]{4,28}[a-z0-9]|[0-9]{1,20})"
              + "|(?:folders|organizations)/[0-9]{1,20}");
  private static final Pattern ROLE =
      Pattern.compile(
          "(?:(?:projects/[a-z][a-z0-9-]{4,28}[a-z0-9]|organizations/[0-9]{1,20})/)?"
              + "roles/[A-Za-z][A-Za-z0-9._]{2,63}");
  // IAM reference, "Conditional role bindings": not on basic roles.
  private static final Set<String> BASIC = Set.of("roles/owner", "roles/editor", "roles/viewer");
  private static final int MOST_ACCOUNTS = 20;

  Optional<Google> read() {
    var accounts = accounts();
    var provider =
        TargetReader.matched(
            reader,
            "workload-identity-provider",
            PROVIDER,
            "//iam.googleapis.com/projects/NUMBER/locations/global/workloadIdentityPools/POOL"
                + "/providers/PROVIDER");
    var scopes = scopes();
    var bound = reader.has("iam-binding");
    var binding = reader.mapping("iam-binding").flatMap(GoogleTargetReader::binding);
    if (accounts.size() > 1 && !bound) {
      var message = "several accounts take turns only with an \"iam-binding\"";
      reader.problem("service-account", "bad_value", message);
      return Optional.empty();
    }
    if (accounts.isEmpty() || bound != binding.isPresent()) {
      return Optional.empty();
    }
    return provider.map(p -> new Google(accounts, p, scopes, binding.orElse(null)));
  }

  private List<String> accounts() {
    if (!reader.require("service-account")) {
      return List.of();
    }
    var accounts = reader.textOrTexts("service-account");
    var wrong = accounts.stream().filter(each -> !SERVICE_ACCOUNT.matcher(each).matches()).toList();
    if (accounts.isEmpty() || !wrong.isEmpty() || accounts.size() > MOST_ACCOUNTS) {
      var message = "\"service-account\" must be a service account's address, or up to 20 of them";
      reader.problem("service-account", "bad_value", message);
      return List.of();
    }
    if (Set.copyOf(accounts).size() < accounts.size()) {
      reader.problem("service-account", "bad_value", "an account stands there twice");
      return List.of();
    }
    return accounts;
  }

  private List<String> scopes() {
    var scopes = reader.texts("scopes");
    for (var scope : scopes) {
      if (!scope.startsWith("https://www.googleapis.com/auth/")) {
        var message = "\"" + scope + "\" is not a scope of Google's";
        findings.error(reader.placeOfValue("scopes"), "bad_value", message);
      }
    }
    if (scopes.isEmpty()) {
      reader.problem("scopes", "missing_key", "\"scopes\" says what the token is good for");
    }
    return scopes;
  }

  private static Optional<IamBinding> binding(MappingReader in) {
    var resource =
        TargetReader.matched(in, "resource", RESOURCE, "a project such as projects/acme-prod");
    var role = TargetReader.matched(in, "role", ROLE, "a role such as roles/storage.objectAdmin");
    if (role.filter(BASIC::contains).isPresent()) {
      in.problem("role", "role_is_basic", "IAM takes no condition on a basic role, so no end");
    }
    var binder = TargetReader.matched(in, "binder", SERVICE_ACCOUNT, "a service account's address");
    in.finish();
    return resource.flatMap(
        where -> role.flatMap(what -> binder.map(by -> new IamBinding(where, what, by))));
  }
}

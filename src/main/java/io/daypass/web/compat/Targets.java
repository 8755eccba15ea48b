package io.daypass.web.compat;

import io.daypass.policy.Policies;
import io.daypass.policy.Role;
import io.daypass.policy.RoleArn;
import io.daypass.policy.Target;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/**
 * Finds the role that a caller names by what it stands for in a cloud. A name that stands for no
 * role, or for several, is answered as it came: it is the name of no role, and so is refused on the
 * one path, with the answer that a forbidden role gets.
 */
record Targets(Supplier<Policies> policies) {

  private static final Pattern ROLE = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");
  private static final String GOOGLE = "//iam.googleapis.com/";
  private static final Pattern PROVIDER =
      Pattern.compile(GOOGLE + "(?:[a-zA-Z0-9-]{1,64}/){1,9}[a-zA-Z0-9-]{1,64}");

  /** The role with exactly this ARN, partition and account included; empty if it is no ARN. */
  Optional<String> byArn(String text) {
    return RoleArn.parse(text)
        .map(arn ->
            only(target -> target instanceof Target.Aws aws && aws.roleArn().equals(arn), text));
  }

  /** The ARN that a role stands for now; empty if there is no such role, or none of AWS. */
  Optional<RoleArn> arnOf(String role) {
    return policies
        .get()
        .role(role)
        .flatMap(known ->
            known.target() instanceof Target.Aws aws
                ? Optional.of(aws.roleArn())
                : Optional.empty());
  }

  /** The role that an audience names, by its name or by a Google provider. */
  Optional<String> byAudience(String text) {
    if (ROLE.matcher(text).matches()) {
      return Optional.of(text);
    }
    return PROVIDER.matcher(text).matches()
        ? Optional.of(only(target -> isProvider(target, text), text))
        : Optional.empty();
  }

  static boolean isRole(String text) {
    return ROLE.matcher(text).matches();
  }

  private static boolean isProvider(Target target, String text) {
    return target instanceof Target.Google google
        && text.equals(GOOGLE + stripped(google.workloadIdentityProvider()));
  }

  private static String stripped(String provider) {
    return provider.startsWith(GOOGLE) ? provider.substring(GOOGLE.length()) : provider;
  }

  private String only(Predicate<Target> wanted, String otherwise) {
    var found = policies.get().roles().stream().filter(role -> wanted.test(role.target())).toList();
    return found.size() == 1 ? found.stream().map(Role::name).findFirst().orElseThrow() : otherwise;
  }
}

package io.daypass.web.compat;

import io.daypass.policy.Policies;
import io.daypass.policy.Role;
import io.daypass.policy.RoleArn;
import io.daypass.policy.Target;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/**
 * Finds the role that a caller names by what it stands for in a cloud. A name that stands for no
 * role, and an ARN that stands for several, is answered as it came: it is the name of no role, and
 * so is refused on the one path, with the answer that a forbidden role gets.
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

  /** What an audience stands for. */
  sealed interface Meant {
    /** One role, or none that there is. */
    record One(String role) implements Meant {}

    /** Each of several roles, and none in particular. */
    record Several() implements Meant {}

    /** It is no name at all. */
    record Nothing() implements Meant {}
  }

  /** The role that an audience names, by its name or by a Google provider. */
  Meant byAudience(String text) {
    if (ROLE.matcher(text).matches()) {
      return new Meant.One(text);
    }
    if (!PROVIDER.matcher(text).matches()) {
      return new Meant.Nothing();
    }
    var found = with(target -> isProvider(target, text));
    return found.size() > 1
        ? new Meant.Several()
        : new Meant.One(found.isEmpty() ? text : found.getFirst());
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
    var found = with(wanted);
    return found.size() == 1 ? found.getFirst() : otherwise;
  }

  private List<String> with(Predicate<Target> wanted) {
    return policies.get().roles().stream()
        .filter(role -> wanted.test(role.target()))
        .map(Role::name)
        .toList();
  }
}

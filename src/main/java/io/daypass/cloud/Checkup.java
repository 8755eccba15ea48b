package io.daypass.cloud;

import io.daypass.policy.Role;
import io.daypass.policy.Target;
import java.util.List;

/** Tries the whole way to a role's credential, and says what is to be mended in the cloud. */
public interface Checkup {

  /** Whether this is the one for {@code target}. */
  boolean serves(Target target);

  /** What there is to say of {@code role}; every mint goes through {@code attempts}. */
  List<Finding> of(Role role, Attempts attempts);
}

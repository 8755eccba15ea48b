package io.daypass.policy;

import io.daypass.identity.Caller;
import io.daypass.identity.Identity;
import io.daypass.policy.Judgement.Mode;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;

/** Every role in force; immutable, replaced as a whole when the files change. */
public final class Policies {

  private final Map<String, Role> roles;
  private final String digest;

  /**
   * @param digest SHA-256 of the loaded set, hex; stands in every ledger entry
   */
  public Policies(Collection<Role> roles, String digest) {
    this.roles =
        roles.stream()
            .collect(java.util.stream.Collectors.toUnmodifiableMap(Role::name, role -> role));
    this.digest = digest;
  }

  public String digest() {
    return digest;
  }

  public Optional<Role> role(String name) {
    return Optional.ofNullable(roles.get(name));
  }

  /** All roles, by name. */
  public Collection<Role> roles() {
    return roles.values().stream().sorted(java.util.Comparator.comparing(Role::name)).toList();
  }

  /** What {@code caller} gets who asks for {@code role} now. No rule matched means no. */
  public Decision decide(Caller caller, String role, Wish wish, Circumstances circumstances) {
    return judge(caller.identity(), role, wish, circumstances, Mode.WISH).decision();
  }

  /**
   * What {@code caller} gets whose earlier wish was granted: the same judgement by the policies of
   * now, except that a grant longer than the limit of now is shortened to it, not refused.
   */
  public Decision reconsider(Caller caller, String role, Wish wish, Circumstances circumstances) {
    return judge(caller.identity(), role, wish, circumstances, Mode.EARLIER_WISH).decision();
  }

  /** What {@code identity} would get, and why: for people to read. */
  public Explanation explain(
      Identity identity, String role, Wish wish, Circumstances circumstances) {
    return judge(identity, role, wish, circumstances, Mode.WISH);
  }

  /**
   * What {@code identity} could have for so long, given that they name the reason and the ticket
   * that the rule wants.
   */
  public Explanation outlook(
      Identity identity, String role, Duration duration, Circumstances circumstances) {
    return judge(identity, role, new Wish(duration, "", null), circumstances, Mode.OUTLOOK);
  }

  private Explanation judge(
      Identity identity, String role, Wish wish, Circumstances circumstances, Mode mode) {
    return new Judgement(this, identity, wish, circumstances, mode).of(role);
  }
}

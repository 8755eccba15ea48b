package io.daypass.identity;

import static io.daypass.identity.SignInFixture.NOW;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.NullUnmarked;

/** Sign-ins and sessions as rows, without a clock of their own. */
@NullUnmarked // hands in nulls on purpose
final class MemorySignIns implements SignIns, Sessions {

  final Map<Key, Taken> underWay = new HashMap<>();
  final Map<String, Opening> open = new HashMap<>();
  boolean suspended;
  String answersWith;

  @Override
  public void begin(UnderWay signIn) {
    underWay.put(signIn.key(), new Taken(signIn, NOW));
  }

  @Override
  public Optional<Taken> take(Key key) {
    return Optional.ofNullable(underWay.remove(key));
  }

  @Override
  public Optional<Held> look(String sha256) {
    return use(sha256);
  }

  @Override
  public Optional<Held> use(String sha256) {
    return Optional.ofNullable(open.get(sha256)).map(this::held);
  }

  private Held held(Opening opening) {
    return new Held(
        answersWith == null ? opening.sha256() : answersWith,
        opening.identity(),
        opening.iss(),
        opening.saidAt(),
        opening.until(),
        opening.signedInAt(),
        opening.strength());
  }

  @Override
  public boolean open(Opening opening) {
    if (suspended) {
      return false;
    }
    open.remove(opening.replaces());
    open.put(opening.sha256(), opening);
    return true;
  }

  @Override
  public void end(String sha256) {
    open.remove(sha256);
  }
}

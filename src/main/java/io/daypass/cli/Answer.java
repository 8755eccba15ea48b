package io.daypass.cli;

import io.daypass.cli.client.Bearer;
import io.daypass.cli.client.Hints;
import io.daypass.cli.client.Refusal;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a typed call came to. */
sealed interface Answer<T> {

  /**
   * The broker's yes.
   *
   * @param value what the broker said, as the wire's record
   * @param json the same as it came, for {@code --json}: a newer broker may say more
   * @param status such as 200, 201, 202
   */
  record Given<T>(T value, String json, int status) implements Answer<T> {}

  /** The broker said no. */
  record Refused<T>(Refusal refusal, Bearer bearer) implements Answer<T> {}

  /** What was given; a refusal ends the command. */
  default Given<T> orFail() {
    return orFail(null);
  }

  /** The same; the hint may name {@code role}. */
  default Given<T> orFail(@Nullable String role) {
    return switch (this) {
      case Given<T> given -> given;
      case Refused<T>(var refusal, var bearer) ->
          throw Hints.failure(refusal, bearer, Optional.ofNullable(role));
    };
  }
}

package io.daypass.cli;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An operator where nothing is to be run. */
record Nobody() implements Operator {

  @Override
  public Outcome serve(@Nullable Path config) {
    return no();
  }

  @Override
  public Outcome check(@Nullable Path config) {
    return no();
  }

  @Override
  public Outcome migrate(@Nullable Path config) {
    return no();
  }

  @Override
  public Outcome rotateKeys(@Nullable Path config) {
    return no();
  }

  @Override
  public Outcome rewrapKeys(@Nullable Path config) {
    return no();
  }

  @Override
  public Outcome doctor(@Nullable Path config, @Nullable String role) {
    return no();
  }

  private static Outcome no() {
    return new Outcome.Failed(List.of("nothing is run here"), "start daypass itself");
  }
}

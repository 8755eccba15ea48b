package io.daypass.lease;

import java.util.concurrent.ThreadFactory;

/** Runs at once, where it stands, what would be another thread's. */
public final class Here {

  public static final ThreadFactory THREADS =
      task ->
          new Thread(task) {
            @Override
            public void start() {
              task.run();
            }
          };

  private Here() {}
}

package io.daypass.notice.post;

import io.daypass.notice.Post;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.concurrent.Executors;
import javax.net.ssl.SSLContext;

/** Posts as channels have them, with a patience fit for tests. */
public final class HttpPosts {

  private HttpPosts() {}

  /** For answers that do come. */
  public static Post patient() {
    return within(Duration.ofSeconds(20));
  }

  /** For answers that never come. */
  public static Post impatient() {
    return within(Duration.ofMillis(700));
  }

  private static Post within(Duration time) {
    try {
      var threads = Executors.newVirtualThreadPerTaskExecutor();
      return new HttpPost(SSLContext.getDefault(), time, threads);
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }
}

package io.daypass.cloud.wire;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.hc.client5.http.DnsResolver;

/**
 * Looks up hosts by {@code all} within a time of its own. The system's resolver takes as long as it
 * takes, ten seconds where its servers are silent, and nothing calls it off: an exchange whose
 * deadline came would wait for it. What it finds later the JVM keeps, for the next attempt.
 */
record Names(DnsResolver all, Duration within) implements DnsResolver {

  @Override
  public InetAddress[] resolve(String host) throws UnknownHostException {
    var lookup = new FutureTask<>(() -> all.resolve(host));
    Thread.ofVirtual().name("names").start(lookup);
    try {
      return lookup.get(within.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      throw unknown(host, "was not found in time", e);
    } catch (ExecutionException e) {
      throw unknown(host, "is not known", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw unknown(host, "was looked up in vain", e);
    }
  }

  @Override
  public String resolveCanonicalHostname(String host) throws UnknownHostException {
    return all.resolveCanonicalHostname(host);
  }

  private static UnknownHostException unknown(String host, String what, Throwable cause) {
    var unknown = new UnknownHostException(host + " " + what);
    unknown.initCause(cause);
    return unknown;
  }
}

package io.daypass.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.daypass.identity.CallerId;
import io.daypass.settings.Network;
import io.daypass.settings.RateSettings;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class PeersTest {

  private final Peers peers = new Peers(List.of(network("10.0.0.0/8"), network("fd00::/8")));

  @Test
  void w5_the_first_address_from_the_right_that_is_no_proxy_is_the_callers() {
    assertThat(peers.caller("10.0.0.1", List.of("203.0.113.9"))).isEqualTo("203.0.113.9");
    assertThat(peers.caller("10.0.0.1", List.of("1.1.1.1, 203.0.113.9, 10.0.0.2")))
        .isEqualTo("203.0.113.9");
    assertThat(peers.caller("10.0.0.1", List.of("1.1.1.1", "203.0.113.9")))
        .isEqualTo("203.0.113.9");
    assertThat(peers.caller("10.0.0.1", List.of())).isEqualTo("10.0.0.1");
    assertThat(peers.caller("10.0.0.1", List.of("203.0.113.9, evil"))).isEqualTo("10.0.0.1");
    assertThat(peers.caller("203.0.113.1", List.of("10.0.0.9"))).isEqualTo("203.0.113.1");
    assertThat(peers.caller("fd00::1", List.of("2001:db8::5")))
        .isEqualTo("2001:0db8:0000:0000:0000:0000:0000:0005");
  }

  @Test
  void w5_a_port_behind_an_address_makes_nobody_the_proxy() {
    for (var written : List.of("203.0.113.9:41234", "203.0.113.9:1", "203.0.113.9")) {
      assertThat(peers.caller("10.0.0.1", List.of("10.9.9.9, " + written)))
          .as(written)
          .isEqualTo("203.0.113.9");
    }
    for (var written : List.of("[2001:db8::5]:443", "[2001:db8::5]", "2001:db8::5")) {
      assertThat(peers.caller("10.0.0.1", List.of(written)))
          .as(written)
          .isEqualTo("2001:0db8:0000:0000:0000:0000:0000:0005");
    }
  }

  @Test
  void networks_are_addresses_with_a_length_and_nothing_else() {
    assertThat(Network.parse("10.0.0.0/8")).isPresent();
    assertThat(Network.parse("10.0.0.1")).isPresent();
    assertThat(Network.parse("::1/128")).isPresent();
    for (var wrong :
        List.of("", "10.0.0.0/33", "10.0.0/8", "host", "10.0.0.0/8/8", "300.0.0.1", "1:2/x")) {
      assertThat(Network.parse(wrong)).as(wrong).isEmpty();
    }
  }

  @Test
  void one_customers_many_ipv6_addresses_count_as_one() {
    assertThat(Peers.household("2001:db8::1")).isEqualTo(Peers.household("2001:db8::ffff:2"));
    assertThat(Peers.household("2001:db8::1")).isNotEqualTo(Peers.household("2001:db8:0:1::1"));
    assertThat(Peers.household("203.0.113.1")).isNotEqualTo(Peers.household("203.0.113.2"));
  }

  @Test
  void a_workload_is_limited_by_token_and_by_subject_and_others_are_not_touched() {
    var nanos = new AtomicLong();
    var limits = new Limits(new RateSettings(1, 1, 2, 3, 1, 9, 1, 1), nanos::get);
    var ci = new CallerId("github", "repo");
    assertThat(limits.workload(ci, "one")).isEmpty();
    assertThat(limits.workload(ci, "one")).isEmpty();
    assertThat(limits.workload(ci, "one")).isPresent();
    assertThat(limits.workload(ci, "two")).isEmpty();
    assertThat(limits.workload(ci, "two")).isPresent();
    assertThat(limits.workload(new CallerId("github", "other"), "three")).isEmpty();
    nanos.addAndGet(Duration.ofMinutes(1).toNanos());
    assertThat(limits.workload(ci, "two")).isEmpty();
  }

  @Test
  void what_is_no_failure_consumes_nothing() {
    var limits = new Limits(new RateSettings(1, 1, 1, 1, 1, 9, 1, 1), () -> 0);
    for (int i = 0; i < 100; i++) {
      assertThat(attempt(limits, "203.0.113.1", true)).isTrue();
    }
    assertThatThrownBy(() ->
            limits.attempt(
                "203.0.113.1",
                () -> {
                  throw new IllegalStateException("broke off");
                },
                _ -> true,
                _ -> false))
        .hasMessage("broke off");
    assertThat(attempt(limits, "203.0.113.1", false)).isTrue();
    assertThat(attempt(limits, "203.0.113.1", true)).isFalse();
    assertThat(limits.failure("203.0.113.1")).isPresent();
    assertThat(attempt(limits, "203.0.113.2", true)).isTrue();
  }

  /** Whether it was tried. */
  private static boolean attempt(Limits limits, String peer, boolean good) {
    return limits.attempt(peer, () -> true, _ -> !good, _ -> false);
  }

  private static Network network(String text) {
    return Network.parse(text).orElseThrow();
  }
}

package io.daypass.policy.yaml;

import static org.assertj.core.api.Assertions.assertThat;

import io.daypass.policy.Condition;
import io.daypass.policy.Condition.Truth;
import io.daypass.policy.Facts;
import io.daypass.policy.Wish;
import io.daypass.policy.yaml.Between.Hours;
import io.daypass.policy.yaml.During.Window;
import io.daypass.policy.yaml.FromNetworks.Address;
import io.daypass.policy.yaml.FromNetworks.Network;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TimesAndNetworksTest {

  private static Truth holds(Condition condition, String at, String from) {
    var wish = new Wish(Duration.ofHours(1), "", null);
    var facts = new Facts(Directory.person("x"), "r", wish, from, Instant.parse(at));
    return condition.holds(facts);
  }

  private static boolean during(String window, String at) {
    var during = new During(List.of(Window.parse(window).orElseThrow()));
    return holds(during, at, "10.0.0.1") instanceof Truth.Held;
  }

  private static boolean between(String hours, String at) {
    var between = new Between(List.of(Hours.parse(hours).orElseThrow()));
    return holds(between, at, "10.0.0.1") instanceof Truth.Held;
  }

  private static boolean from(String network, String address) {
    var networks = new FromNetworks(List.of(Network.parse(network).orElseThrow()));
    return holds(networks, "2026-01-01T00:00:00Z", address) instanceof Truth.Held;
  }

  @ParameterizedTest
  @CsvSource({
    "2026-12-20/2027-01-04, 2026-12-19T23:59:59Z, false",
    "2026-12-20/2027-01-04, 2026-12-20T00:00:00Z, true",
    "2026-12-20/2027-01-04, 2027-01-04T23:59:59.999Z, true",
    "2026-12-20/2027-01-04, 2027-01-05T00:00:00Z, false",
    "2026-12-20/2026-12-20, 2026-12-20T12:00:00Z, true",
    "2026-12-20/2027-01-04 Europe/Berlin, 2026-12-19T23:00:00Z, true",
    "2026-12-20/2027-01-04 Europe/Berlin, 2027-01-04T23:00:00Z, false",
    "2026-12-20T18:00/2026-12-21T06:00, 2026-12-20T17:59:59Z, false",
    "2026-12-20T18:00/2026-12-21T06:00, 2026-12-20T18:00:00Z, true",
    "2026-12-20T18:00/2026-12-21T06:00, 2026-12-21T06:00:00Z, false",
    "2026-12-20T18:00/2026-12-21T06:00 America/New_York, 2026-12-20T23:00:00Z, true",
    "2026-12-20T18:00:30+01:00/2026-12-21T06:00Z, 2026-12-20T17:00:30Z, true",
    "2026-12-20T18:00-05:00/2026-12-21T06:00Z, 2026-12-20T22:59:59Z, false",
    "2026-12-20/2026-12-21T06:00, 2026-12-21T05:59:59Z, true",
    // The day on which Berlin's clocks go forward has 23 hours.
    "2026-03-29/2026-03-29 Europe/Berlin, 2026-03-29T21:59:59Z, true",
    "2026-03-29/2026-03-29 Europe/Berlin, 2026-03-29T22:00:00Z, false",
    "2026-10-24/2026-10-25T02:30+01:00, 2026-10-25T01:29:59Z, true"
  })
  void a_window_has_both_its_days_and_ends_before_its_last_instant(
      String window, String at, boolean within) {
    assertThat(during(window, at)).isEqualTo(within);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "2026-12-20",
        "2026-12-20/",
        "/2026-12-20",
        "2027-01-04/2026-12-20",
        "2026-13-01/2026-13-02",
        "2026-12-20/2026-12-21/2026-12-22",
        "2026-12-20/2026-12-21 Nowhere/City",
        "today/tomorrow",
        "2026-12-20/2026-12-21 +02:00",
        "2026-12-20/2026-12-21 CET",
        "2026-12-20/2026-12-21  UTC",
        "2026-12-20T18:00Z/2026-12-21T06:00Z Europe/Berlin",
        "2026-12-20T18/2026-12-21T06",
        "2026-12-20T18:00/2026-12-20T18:00",
        "2026-02-30/2026-03-01",
        "20-12-2026/21-12-2026",
        // On the day that the clocks go back 02:30 comes twice, when they go forward never.
        "2026-10-24T00:00/2026-10-25T02:30 Europe/Berlin",
        "2026-03-29T02:30/2026-03-30T00:00 Europe/Berlin"
      })
  void what_is_no_window_is_refused(String text) {
    assertThat(Window.parse(text)).isEmpty();
  }

  @Test
  void a_window_says_its_zone() {
    assertThat(Window.parse("2026-12-20/2027-01-04").orElseThrow().text()).endsWith(" UTC");
    var two =
        new During(
            List.of(
                Window.parse("2026-12-20/2027-01-04").orElseThrow(),
                Window.parse("2026-04-03/2026-04-06 Europe/Berlin").orElseThrow()));
    assertThat(two.text())
        .isEqualTo("2026-12-20/2027-01-04 UTC, or 2026-04-03/2026-04-06 Europe/Berlin");
    assertThat(holds(two, "2026-04-04T00:00:00Z", "10.0.0.1")).isInstanceOf(Truth.Held.class);
  }

  @ParameterizedTest
  @CsvSource({
    "Mon-Fri 08:00-18:00 Europe/Berlin, 2026-03-02T07:00:00Z, true",
    "Mon-Fri 08:00-18:00 Europe/Berlin, 2026-03-02T06:59:59Z, false",
    "Mon-Fri 08:00-18:00 Europe/Berlin, 2026-03-02T16:59:59Z, true",
    "Mon-Fri 08:00-18:00 Europe/Berlin, 2026-03-02T17:00:00Z, false",
    "Mon-Fri 08:00-18:00 Europe/Berlin, 2026-03-01T12:00:00Z, false",
    // In summer the same wall clock is an hour earlier by UTC.
    "Mon-Fri 08:00-18:00 Europe/Berlin, 2026-07-06T06:00:00Z, true",
    "Mon-Fri 08:00-18:00 Europe/Berlin, 2026-07-06T16:00:00Z, false",
    "08:00-18:00, 2026-03-01T08:00:00Z, true",
    "Mon 00:00-24:00, 2026-03-02T23:59:59Z, true",
    "Mon 00:00-24:00, 2026-03-03T00:00:00Z, false",
    "Mon 22:00-00:00 UTC, 2026-03-02T22:30:00Z, true",
    "Mon 22:00-00:00 UTC, 2026-03-03T00:00:00Z, false",
    // Over midnight: the hours belong to the day they start on.
    "Fri 22:00-06:00 UTC, 2026-03-06T22:00:00Z, true",
    "Fri 22:00-06:00 UTC, 2026-03-07T05:59:59Z, true",
    "Fri 22:00-06:00 UTC, 2026-03-07T06:00:00Z, false",
    "Fri 22:00-06:00 UTC, 2026-03-06T05:00:00Z, false",
    "Fri 22:00-06:00 UTC, 2026-03-07T22:00:00Z, false",
    "Sun 22:00-06:00 UTC, 2026-03-02T03:00:00Z, true",
    "Sat-Mon 10:00-11:00 UTC, 2026-03-01T10:00:00Z, true",
    "Sat-Mon 10:00-11:00 UTC, 2026-03-03T10:00:00Z, false",
    "'Mon,Wed-Thu 10:00-11:00 UTC', 2026-03-04T10:00:00Z, true",
    "'Mon,Wed-Thu 10:00-11:00 UTC', 2026-03-03T10:00:00Z, false",
    // 02:00-03:00 does not exist on this night in Berlin, and exists twice on the other.
    "02:00-03:00 Europe/Berlin, 2026-03-29T00:59:59Z, false",
    "02:00-03:00 Europe/Berlin, 2026-03-29T01:00:00Z, false",
    "02:00-03:00 Europe/Berlin, 2026-10-25T00:30:00Z, true",
    "02:00-03:00 Europe/Berlin, 2026-10-25T01:30:00Z, true",
    "02:00-03:00 Europe/Berlin, 2026-10-25T02:00:00Z, false"
  })
  void hours_are_those_of_the_clock_on_the_wall(String hours, String at, boolean within) {
    assertThat(between(hours, at)).isEqualTo(within);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "Mon-Fri",
        "08:00",
        "8:00-18:00",
        "08:00-25:00",
        "24:00-08:00",
        "08:00-24:01",
        "08:60-09:00",
        "08:00-08:00",
        "00:00-00:00",
        "Mo-Fr 08:00-18:00",
        "Mon--Fri 08:00-18:00",
        "Mon-Wed-Fri 08:00-09:00",
        "Mon,, 08:00-18:00",
        "mon-fri 08:00-18:00",
        "08:00-18:00 Mars/Base",
        "08:00-18:00 +02:00",
        "08:00-18:00 EST",
        " 08:00-18:00",
        "08:00-18:00 UTC UTC"
      })
  void what_are_no_hours_is_refused(String text) {
    assertThat(Hours.parse(text)).isEmpty();
  }

  @Test
  void hours_say_their_zone() {
    var two =
        new Between(
            List.of(
                Hours.parse("08:00-09:00").orElseThrow(),
                Hours.parse("Sat 08:00-09:00 UTC").orElseThrow()));
    assertThat(two.text()).isEqualTo("08:00-09:00 UTC, or Sat 08:00-09:00 UTC");
  }

  @ParameterizedTest
  @CsvSource({
    "10.0.0.0/8, 10.255.255.255, true",
    "10.0.0.0/8, 11.0.0.0, false",
    "10.1.2.3, 10.1.2.3, true",
    "10.1.2.3, 10.1.2.4, false",
    "10.1.2.0/31, 10.1.2.1, true",
    "10.1.2.0/31, 10.1.2.2, false",
    "10.0.0.0/8, ::ffff:10.0.0.1, true",
    "10.0.0.0/8, ::ffff:a00:1, true",
    "10.0.0.0/8, ::ffff:11.0.0.1, false",
    "::ffff:10.0.0.0/104, 10.2.3.4, true",
    "::ffff:10.0.0.0/104, 11.2.3.4, false",
    "2001:db8::/32, 2001:db8:1::1, true",
    "2001:db8::/32, 2001:db9::1, false",
    "2001:db8::1, 2001:DB8:0:0:0:0:0:1, true",
    "2001:db8::/32, 10.0.0.1, false",
    "10.0.0.0/8, 2001:db8::1, false",
    "::1, ::1, true"
  })
  void networks_are_compared_by_their_first_bits(String network, String address, boolean within) {
    assertThat(from(network, address)).isEqualTo(within);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "10",
        "10.0.0",
        "10.0.0.256",
        "10.0.0.0/33",
        "10.0.0.0/",
        "10.0.0.0/-1",
        "10.0.0.0/08",
        "010.0.0.1",
        "localhost",
        "example.com/8",
        "2001:db8::/129",
        "2001:db8::%eth0",
        "[2001:db8::]/32",
        "::ffff:10.0.0.0/8",
        ":::/0",
        "10.0.0.0/8/8",
        "0x0a.0.0.1"
      })
  void what_is_no_network_is_refused(String text) {
    assertThat(Network.parse(text)).isEmpty();
  }

  @Test
  void bits_beyond_the_prefix_are_noticed() {
    assertThat(Network.parse("10.0.0.1/8").orElseThrow().hasHostBits()).isTrue();
    assertThat(Network.parse("10.0.0.0/8").orElseThrow().hasHostBits()).isFalse();
    assertThat(Network.parse("10.0.0.1").orElseThrow().hasHostBits()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "unknown", "10.0.0.1, 10.0.0.2", "10.0.0.1:80", "fe80::1%eth0"})
  void a_source_address_that_cannot_be_read_is_in_no_network(String address) {
    var networks = new FromNetworks(List.of(Network.parse("10.0.0.0/8").orElseThrow()));
    assertThat(holds(networks, "2026-01-01T00:00:00Z", address))
        .isEqualTo(new Truth.Failed("the source address cannot be read"));
    assertThat(Address.parse(address)).isEmpty();
  }

  @Test
  void networks_read_as_they_are_written() {
    var networks =
        new FromNetworks(
            List.of(Network.parse("10.0.0.0/8").orElseThrow(), Network.parse("::1").orElseThrow()));
    assertThat(networks.text()).isEqualTo("10.0.0.0/8, ::1");
  }
}

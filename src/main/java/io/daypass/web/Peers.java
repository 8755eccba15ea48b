package io.daypass.web;

import io.daypass.settings.Network;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;

/**
 * Says which address a call came from. Forwarded headers are believed only as far as configured
 * proxies wrote them: the list is read from the right, and the first address that is no such proxy
 * is the caller's. Without proxies in the settings the headers are never looked at.
 */
public final class Peers {

  private static final Pattern WITH_PORT =
      Pattern.compile("([0-9.]+):[0-9]{1,5}|\\[([0-9a-fA-F:.]+)](?::[0-9]{1,5})?");

  private final List<Network> proxies;

  public Peers(List<Network> proxies) {
    this.proxies = List.copyOf(proxies);
  }

  boolean isProxy(String address) {
    return Network.address(address).filter(this::isProxy).isPresent();
  }

  private boolean isProxy(List<Byte> address) {
    return proxies.stream().anyMatch(network -> network.contains(address));
  }

  /**
   * The caller's address.
   *
   * @param connected the address at the other end of the connection
   * @param forwardedFor every X-Forwarded-For header, in order
   */
  String caller(String connected, List<String> forwardedFor) {
    if (!isProxy(connected)) {
      return connected;
    }
    var hops = String.join(",", forwardedFor).split(",", -1);
    var caller = connected;
    for (int i = hops.length - 1; i >= 0; i--) {
      var hop = Network.address(withoutPort(hops[i].strip()));
      if (hop.isEmpty()) {
        // Not an address: whoever wrote it is the last one that is known.
        return caller;
      }
      caller = show(hop.get());
      if (!isProxy(hop.get())) {
        return caller;
      }
    }
    return caller;
  }

  /** Some proxies put the caller's port behind its address; a name or a second port stays wrong. */
  private static String withoutPort(String hop) {
    var matcher = WITH_PORT.matcher(hop);
    return matcher.matches()
        ? Objects.requireNonNullElseGet(matcher.group(1), () -> matcher.group(2))
        : hop;
  }

  /** What limits count by: an address, or the /64 that one IPv6 customer has. */
  static String household(String address) {
    var bytes = Network.address(address);
    if (bytes.isEmpty() || bytes.get().size() == 4) {
      return address;
    }
    return show(bytes.get().subList(0, 8)) + "/64";
  }

  private static String show(List<Byte> bytes) {
    var text = new StringBuilder();
    for (int i = 0; i < bytes.size(); i++) {
      if (bytes.size() == 4) {
        text.append(i == 0 ? "" : ".").append(bytes.get(i) & 0xff);
      } else {
        text.append(i > 0 && i % 2 == 0 ? ":" : "").append("%02x".formatted(bytes.get(i)));
      }
    }
    return text.toString();
  }
}

package io.daypass.web;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Says which address a call came from. Forwarded headers are believed only as far as configured
 * proxies wrote them: the list is read from the right, and the first address that is no such proxy
 * is the caller's. Without proxies in the settings the headers are never looked at.
 */
public final class Peers {

  private final List<Network> proxies;

  public Peers(List<Network> proxies) {
    this.proxies = List.copyOf(proxies);
  }

  /** A range of addresses in CIDR notation. */
  public record Network(String text, List<Byte> prefix, int bits) {

    /** The network {@code text} spells, such as {@code 10.0.0.0/8} or one address. */
    public static Optional<Network> parse(String text) {
      var parts = text.split("/", -1);
      var address = literal(parts[0]);
      if (parts.length > 2 || address.isEmpty()) {
        return Optional.empty();
      }
      var bytes = address.get();
      var most = bytes.size() * 8;
      if (parts.length == 2 && !parts[1].matches("[0-9]{1,3}")) {
        return Optional.empty();
      }
      var bits = parts.length == 1 ? most : Integer.parseInt(parts[1]);
      return bits > most ? Optional.empty() : Optional.of(new Network(text, bytes, bits));
    }

    boolean contains(List<Byte> address) {
      if (address.size() != prefix.size()) {
        return false;
      }
      for (int bit = 0; bit < bits; bit++) {
        var mask = 0x80 >> (bit % 8);
        if ((address.get(bit / 8) & mask) != (prefix.get(bit / 8) & mask)) {
          return false;
        }
      }
      return true;
    }
  }

  boolean isProxy(String address) {
    return literal(address).filter(this::isProxy).isPresent();
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
      var hop = literal(hops[i].strip());
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

  /** What limits count by: an address, or the /64 that one IPv6 customer has. */
  static String household(String address) {
    var bytes = literal(address);
    if (bytes.isEmpty() || bytes.get().size() == 4) {
      return address;
    }
    return show(bytes.get().subList(0, 8)) + "/64";
  }

  /** The bytes of an address in text; never asks a name server. */
  private static Optional<List<Byte>> literal(String text) {
    // Only characters of addresses, so that InetAddress has no name to look up.
    if (!text.matches("[0-9]{1,3}(\\.[0-9]{1,3}){3}|[0-9a-fA-F:.]*:[0-9a-fA-F:.]*")) {
      return Optional.empty();
    }
    try {
      var bytes = new ArrayList<Byte>();
      for (var b : InetAddress.getByName(text).getAddress()) {
        bytes.add(b);
      }
      return Optional.of(List.copyOf(bytes));
    } catch (UnknownHostException _) {
      return Optional.empty();
    }
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

package io.daypass.settings;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/** A range of network addresses in CIDR notation. */
public record Network(String text, List<Byte> prefix, int bits) {

  // Only characters of addresses, so that InetAddress has no name to look up.
  private static final Pattern LITERAL =
      Pattern.compile("[0-9]{1,3}(?:\\.[0-9]{1,3}){3}|[0-9a-fA-F:.]*:[0-9a-fA-F:.]*");

  public Network {
    prefix = List.copyOf(prefix);
  }

  /** The network {@code text} spells, such as {@code 10.0.0.0/8} or one address. */
  public static Optional<Network> parse(String text) {
    var parts = text.split("/", -1);
    var address = address(parts[0]);
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

  /** The bytes of an address in text; never asks a name server. */
  public static Optional<List<Byte>> address(String text) {
    if (!LITERAL.matcher(text).matches()) {
      return Optional.empty();
    }
    try {
      var bytes = new ArrayList<Byte>();
      for (var b : InetAddress.ofLiteral(text).getAddress()) {
        bytes.add(b);
      }
      return Optional.of(List.copyOf(bytes));
    } catch (IllegalArgumentException _) {
      return Optional.empty();
    }
  }

  public boolean contains(List<Byte> address) {
    return address.size() == prefix.size()
        && IntStream.range(0, bits).allMatch(n -> bit(address, n) == bit(prefix, n));
  }

  /** Whether bits beyond the prefix are set: then somebody meant another network. */
  boolean hasHostBits() {
    return IntStream.range(bits, prefix.size() * 8).anyMatch(n -> bit(prefix, n) != 0);
  }

  private static int bit(List<Byte> address, int n) {
    return address.get(n / 8) >> (7 - n % 8) & 1;
  }
}

package io.daypass.policy.yaml;

import io.daypass.policy.Condition;
import io.daypass.policy.Facts;
import java.math.BigInteger;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Holds for calls from one of some networks. An IPv4 address in IPv6 clothes ({@code
 * ::ffff:10.0.0.1}, RFC 4291 section 2.5.5.2) is the IPv4 address it is.
 */
record FromNetworks(List<Network> networks) implements Condition {

  FromNetworks {
    networks = List.copyOf(networks);
  }

  /** Addresses whose first {@code prefix} bits are those of {@code address}. */
  record Network(Address address, int prefix, String text) {

    static Optional<Network> parse(String text) {
      var slash = text.indexOf('/');
      var address = Address.parse(slash < 0 ? text : text.substring(0, slash));
      if (address.isEmpty()) {
        return Optional.empty();
      }
      var mapped = address.get().bits() == 32 && text.indexOf(':') >= 0;
      var prefix = slash < 0 ? address.get().bits() : prefix(text.substring(slash + 1), mapped);
      return prefix < 0 || prefix > address.get().bits()
          ? Optional.empty()
          : Optional.of(new Network(address.get(), prefix, text));
    }

    private static int prefix(String digits, boolean mapped) {
      if (!digits.matches("0|[1-9][0-9]{0,2}")) {
        return -1;
      }
      return Integer.parseInt(digits) - (mapped ? 96 : 0);
    }

    boolean contains(Address other) {
      return other.bits() == address.bits() && head(other).equals(head(address));
    }

    /** Whether bits beyond the prefix are set: then somebody meant another network. */
    boolean hasHostBits() {
      return !head(address).shiftLeft(address.bits() - prefix).equals(address.value());
    }

    private BigInteger head(Address of) {
      return of.value().shiftRight(of.bits() - prefix);
    }
  }

  /** An address as a number of 32 or 128 bits. */
  record Address(BigInteger value, int bits) {

    private static final Pattern IPV4 =
        Pattern.compile("(?:(?:0|[1-9][0-9]{0,2})\\.){3}(?:0|[1-9][0-9]{0,2})");

    /** Never asks a name server. */
    static Optional<Address> parse(String text) {
      try {
        if (IPV4.matcher(text).matches()) {
          return Optional.of(of(InetAddress.ofLiteral(text)));
        }
        return text.indexOf(':') >= 0 && text.indexOf('%') < 0 && text.indexOf('[') < 0
            ? Optional.of(of(Inet6Address.ofLiteral(text)))
            : Optional.empty();
      } catch (IllegalArgumentException e) {
        return Optional.empty();
      }
    }

    private static Address of(InetAddress address) {
      var bytes = address.getAddress();
      return new Address(new BigInteger(1, bytes), bytes.length * 8);
    }
  }

  @Override
  public Truth holds(Facts facts) {
    var source = Address.parse(facts.sourceIp());
    return source.isEmpty()
        ? new Truth.Failed("the source address cannot be read")
        : Truth.of(networks.stream().anyMatch(network -> network.contains(source.get())));
  }

  @Override
  public String text() {
    return String.join(", ", networks.stream().map(Network::text).toList());
  }
}

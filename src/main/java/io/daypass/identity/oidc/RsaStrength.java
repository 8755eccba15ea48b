package io.daypass.identity.oidc;

import java.math.BigInteger;

/** Whether an RSA public key is one that nobody is known to be able to break or misuse. */
final class RsaStrength {

  private static final int SHORTEST = 2048;

  /** Longer ones cost more to use than a caller without a name may make the broker spend. */
  private static final int LONGEST = 8192;

  private static final BigInteger LARGEST_EXPONENT = BigInteger.TWO.pow(32);
  private static final BigInteger GENERATOR = BigInteger.valueOf(65537);

  /** The primes on which a modulus made by the flawed library shows itself. */
  private static final int[] PRIMES = {
    3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83, 89, 97,
    101, 103, 107, 109, 113, 127, 131, 137, 139, 149, 151, 157, 163, 167
  };

  private RsaStrength() {}

  static boolean suffices(BigInteger modulus, BigInteger exponent) {
    return modulus.bitLength() >= SHORTEST
        && modulus.bitLength() <= LONGEST
        && modulus.testBit(0)
        && exponent.testBit(0)
        && exponent.compareTo(BigInteger.ONE) > 0
        && exponent.compareTo(LARGEST_EXPONENT) < 0
        && !isOfFlawedLibrary(modulus);
  }

  /**
   * ROCA (CVE-2017-15361): the primes of Infineon's RSALib are powers of 65537 modulo every small
   * prime, and so is their product. A sound modulus passes for one about once in 2^27.
   */
  private static boolean isOfFlawedLibrary(BigInteger modulus) {
    for (var prime : PRIMES) {
      if (!isPowerOfGenerator(modulus.mod(BigInteger.valueOf(prime)).intValue(), prime)) {
        return false;
      }
    }
    return true;
  }

  private static boolean isPowerOfGenerator(int residue, int prime) {
    var generator = GENERATOR.mod(BigInteger.valueOf(prime)).intValue();
    var power = 1;
    do {
      if (power == residue) {
        return true;
      }
      power = power * generator % prime;
    } while (power != 1);
    return false;
  }
}

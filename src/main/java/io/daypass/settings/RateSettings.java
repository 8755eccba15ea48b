package io.daypass.settings;

/**
 * How often one may come. Every number is at least 1: a limit can be widened, not removed.
 *
 * @param failuresPerPeerAndSecond tokens refused per network address
 * @param refusalsPerIssuerAndMinute refusals of machines that no rule knows, written down for long;
 *     {@value #AT_ONCE} times as many at once
 * @param readingsPerAuditorAndMinute pages of the ledger, each of which is an entry, for long;
 *     {@value #READINGS_AT_ONCE} times as many at once
 */
public record RateSettings(
    int failuresPerPeerAndSecond,
    int issuancesPerPersonAndMinute,
    int issuancesPerTokenAndMinute,
    int issuancesPerWorkloadAndMinute,
    int decisionsPerPersonAndMinute,
    int issuancesPerRepositoryAndMinute,
    int refusalsPerIssuerAndMinute,
    int readingsPerAuditorAndMinute) {

  /** So many minutes' readings may come at once: a million entries are exported without a pause. */
  public static final int READINGS_AT_ONCE = 5;

  // What is set up wrongly once fails in all its runs together, and shall be found in the ledger.
  private static final int AT_ONCE = 10;

  public RateSettings {
    if (failuresPerPeerAndSecond < 1
        || issuancesPerPersonAndMinute < 1
        || issuancesPerTokenAndMinute < 1
        || issuancesPerWorkloadAndMinute < 1
        || decisionsPerPersonAndMinute < 1
        || issuancesPerRepositoryAndMinute < 1
        || refusalsPerIssuerAndMinute < 1
        || readingsPerAuditorAndMinute < 1) {
      throw new IllegalArgumentException("a rate is at least one");
    }
  }

  public static RateSettings usual() {
    return new RateSettings(20, 10, 30, 600, 30, 1200, 60, 60);
  }

  public int refusalsPerIssuerAtOnce() {
    return AT_ONCE * refusalsPerIssuerAndMinute;
  }
}

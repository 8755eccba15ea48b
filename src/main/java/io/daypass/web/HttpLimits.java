package io.daypass.web;

import java.time.Duration;

/**
 * What one replica takes from its clients at most.
 *
 * @param headerBytes all header fields together
 * @param headerFields the same, how many; each costs memory beside its bytes
 * @param uriBytes the request line
 * @param headWithin how long a request's head may take to arrive
 * @param bodyWithin how long its body may take after that
 * @param idle how long a connection may rest between requests
 * @param connections open at the same time; what comes then is closed
 * @param connectionsPerPeer the same for one address; proxies that are configured are exempt
 * @param awaited connections that rest, or whose head or body is still to come; one more ends the
 *     one that has been awaited for longest of the address that has most of them
 * @param smallBytes a request with its body that weighs no more needs no room
 * @param roomBytes what all that weigh more may weigh together, until they are answered
 * @param roomBytesPerPeer the same for one address; proxies that are configured are exempt
 * @param places how many calls are worked on at the same time; what comes then is 503
 * @param reservedPlaces the same, apart, for what ends access and for health
 * @param reservedPlacesPerPeer how many of those that end access one address may hold
 */
public record HttpLimits(
    int headerBytes,
    int headerFields,
    int uriBytes,
    int bodyBytes,
    Duration headWithin,
    Duration bodyWithin,
    Duration idle,
    int connections,
    int connectionsPerPeer,
    int awaited,
    int smallBytes,
    int roomBytes,
    int roomBytesPerPeer,
    int places,
    int reservedPlaces,
    int reservedPlacesPerPeer) {

  /** What suits a replica of two cores. */
  public static HttpLimits usual() {
    return new HttpLimits(
        16 * 1024,
        100,
        4 * 1024,
        64 * 1024,
        Duration.ofSeconds(10),
        Duration.ofSeconds(10),
        Duration.ofSeconds(60),
        10_000,
        512,
        2_000,
        8 * 1024,
        16 * 1024 * 1024,
        4 * 1024 * 1024,
        1_024,
        32,
        8);
  }
}

package io.daypass.cloud.aws;

import io.daypass.request.RequestId;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The inline policy that denies everything to the sessions of some requests, and to no others of
 * the role: each session carries its request as a tag, set in the assertion and by nobody else. An
 * explicit Deny: nothing gets past it, wherever an Allow stands.
 *
 * @param json the document as it is sent
 */
record RevocationPolicy(String json) {

  /** IAM user guide, "IAM and STS quotas": all inline policies of a role together. */
  private static final int ROOM = 10_240;

  private static final String BEFORE =
      "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Sid\":\"DaypassRevoked\",\"Effect\":\"Deny\","
          + "\"Action\":\"*\",\"Resource\":\"*\",\"Condition\":{\"StringEquals\":"
          + "{\"aws:PrincipalTag/DaypassRequest\":[";
  private static final String AFTER = "]}}}]}";

  /** What an id takes with its quotes and comma. */
  private static final int EACH = 19;

  /** So many requests at most, if the role has no other inline policy. */
  static final int MOST = (ROOM - BEFORE.length() - AFTER.length()) / EACH;

  static RevocationPolicy denying(List<RequestId> requests) {
    if (requests.isEmpty()) {
      // IAM takes an empty list, and what it then matches is not ours to find out.
      throw new IllegalArgumentException("a policy that denies nobody");
    }
    return new RevocationPolicy(
        requests.stream()
            // An id is sixteen letters and digits: nothing in it ends a JSON string.
            .map(request -> "\"" + request.value() + "\"")
            .collect(Collectors.joining(",", BEFORE, AFTER)));
  }
}

package io.daypass.policy;

import java.util.Optional;
import java.util.regex.Pattern;

/** A region of AWS, in one of the partitions in which roles may be: aws, aws-cn or aws-us-gov. */
public record AwsRegion(String partition, String name) {

  // Those of other partitions begin otherwise: eusc-, us-iso-, us-isob-, eu-isoe-.
  private static final Pattern SHAPE =
      Pattern.compile("(?:(cn)|(us-gov)|[a-z]{2})-[a-z]{2,12}-[0-9]{1,2}");

  /** The region {@code text} names; empty if it is none, or in a partition that is not served. */
  public static Optional<AwsRegion> parse(String text) {
    var matcher = SHAPE.matcher(text);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    var china = matcher.group(1) != null;
    var government = matcher.group(2) != null;
    return Optional.of(new AwsRegion(china ? "aws-cn" : government ? "aws-us-gov" : "aws", text));
  }
}

package io.daypass.policy;

import java.util.Optional;
import java.util.regex.Pattern;

/** The full ARN of an IAM role; compared whole, partition and account included. */
public record RoleArn(String partition, String account, String path, String name) {

  // IAM user guide, "IAM identifiers": path up to 512 characters, name up to 64.
  private static final Pattern SHAPE =
      Pattern.compile(
          "arn:(aws|aws-cn|aws-us-gov):iam::([0-9]{12}):role(/(?:[!-~&&[^/]]{1,64}/){0,8})"
              + "([A-Za-z0-9+=,.@_-]{1,64})");

  /** The ARN {@code text} spells, or empty if it is not the full ARN of a role. */
  public static Optional<RoleArn> parse(String text) {
    var matcher = SHAPE.matcher(text);
    return matcher.matches()
        ? Optional.of(
            new RoleArn(matcher.group(1), matcher.group(2), matcher.group(3), matcher.group(4)))
        : Optional.empty();
  }

  @Override
  public String toString() {
    return "arn:" + partition + ":iam::" + account + ":role" + path + name;
  }
}

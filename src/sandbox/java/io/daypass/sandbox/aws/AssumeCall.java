package io.daypass.sandbox.aws;

import io.daypass.sandbox.http.Form;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The parameters of {@code AssumeRoleWithWebIdentity} within their limits (STS API reference,
 * 2011-06-15).
 */
record AssumeCall(
    String roleArn,
    String sessionName,
    String token,
    int seconds,
    @Nullable String policyText,
    @Nullable PolicyDocument policy,
    int managedPolicies) {

  private static final Pattern ARN = Pattern.compile("[\\x20-\\x7E]{20,2048}");
  private static final Pattern NAME = Pattern.compile("[\\w+=,.@-]{2,64}");
  private static final Pattern MANAGED =
      Pattern.compile("arn:aws[a-z-]*:iam::(aws|[0-9]{12}):policy/[\\w+=,.@/-]{1,600}");
  private static final int SHORTEST = 900;
  private static final int LONGEST = 43_200;

  static AssumeCall read(Form form) {
    var roleArn = form.get("RoleArn", "");
    require(ARN.matcher(roleArn).matches(), "roleArn", "Member must have length 20 to 2048");
    var name = form.get("RoleSessionName", "");
    require(
        NAME.matcher(name).matches(),
        "roleSessionName",
        "Member must satisfy regular expression pattern: [\\w+=,.@-]*, and have length 2 to 64");
    var token = form.get("WebIdentityToken", "");
    require(
        token.length() >= 4 && token.length() <= 20_000,
        "webIdentityToken",
        "Member must have length 4 to 20000");
    require(
        form.get("ProviderId").isEmpty(),
        "providerId",
        "Member must not be given with an OpenID Connect ID token");
    var policyText = form.get("Policy").orElse(null);
    return new AssumeCall(
        roleArn,
        name,
        token,
        seconds(form),
        policyText,
        policyText == null ? null : policy(policyText),
        managed(form).size());
  }

  private static int seconds(Form form) {
    var text = form.get("DurationSeconds", "3600");
    require(text.matches("[0-9]{1,9}"), "durationSeconds", "Member must be an integer");
    int seconds = Integer.parseInt(text);
    require(
        seconds >= SHORTEST,
        "durationSeconds",
        "Member must have value greater than or equal to " + SHORTEST);
    require(
        seconds <= LONGEST,
        "durationSeconds",
        "Member must have value less than or equal to " + LONGEST);
    return seconds;
  }

  private static PolicyDocument policy(String text) {
    require(
        !text.isEmpty() && text.length() <= 2048,
        "policy",
        "Member must have length less than or equal to 2048");
    return PolicyDocument.parse(text);
  }

  private static List<String> managed(Form form) {
    var arns = new ArrayList<String>();
    for (int i = 1; form.get("PolicyArns.member." + i + ".arn").isPresent(); i++) {
      var arn = form.get("PolicyArns.member." + i + ".arn", "");
      require(MANAGED.matcher(arn).matches(), "policyArns", "Member must be a policy's ARN");
      require(i <= 10, "policyArns", "Member must have length less than or equal to 10");
      arns.add(arn);
    }
    return arns;
  }

  /**
   * How much of the packed size the policy and {@code tags} take, in percent. AWS does not publish
   * its packing: half a byte per character of the policy, one per character of the tags, of 2,048,
   * keeps what real sessions use well inside and lets a session that overdoes it be refused.
   */
  int packedPercent(SessionTags tags) {
    int policySize = policyText == null ? 0 : policyText.length() / 2;
    int packed = policySize + tags.size() + 64 * managedPolicies;
    return (packed * 100 + 2047) / 2048;
  }

  private static void require(boolean holds, String parameter, String words) {
    if (!holds) {
      throw Refused.validation(
          "1 validation error detected: Value at '"
              + parameter
              + "' failed to satisfy constraint: "
              + words);
    }
  }
}

package io.daypass.cloud.aws;

import io.daypass.cloud.wire.EndpointUrl;
import io.daypass.cloud.wire.Limits;
import io.daypass.issuer.IssuerUrl;
import io.daypass.policy.AwsAudience;
import io.daypass.policy.RoleArn;
import java.net.URI;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What minting in AWS must be told. Everything the SDK would otherwise look up in its surroundings
 * is here or fixed.
 *
 * @param issuer this deployment, as the clouds know it
 * @param audience the {@code aud} of assertions, with {@code {account}} where the account goes: an
 *     assertion for one account is worth nothing in another
 * @param region whose STS is asked; in other partitions than the region's their own default
 * @param revoker the name of the role, in each account, that may write the inline policies of
 *     Daypass's roles; null where nobody may, and sessions live until they end by themselves
 */
public record AwsConfig(
    IssuerUrl issuer,
    String audience,
    String region,
    Endpoints endpoints,
    @Nullable String revoker,
    Limits limits) {

  public static final String DEFAULT_AUDIENCE = AwsAudience.STANDARD.template();
  public static final String DEFAULT_REGION = "us-east-1";

  private static final Pattern REGION =
      Pattern.compile("[a-z]{2,4}(?:-[a-z]{2,12}){1,3}-[0-9]{1,2}");

  public AwsConfig {
    if (AwsAudience.parse(audience).isEmpty()) {
      throw new IllegalArgumentException("the audience does not name its account once");
    }
    if (!REGION.matcher(region).matches()) {
      throw new IllegalArgumentException("not an AWS region");
    }
  }

  /** With the audience, region, endpoints and limits that fit AWS itself. */
  public static AwsConfig of(IssuerUrl issuer) {
    return new AwsConfig(
        issuer, DEFAULT_AUDIENCE, DEFAULT_REGION, Endpoints.NONE, null, Limits.STANDARD);
  }

  String audienceFor(RoleArn role) {
    return new AwsAudience(audience).in(role.account());
  }

  /**
   * Where to find AWS, if not where it is for everybody; null for there. Sign-in is asked at {@code
   * <signin>/federation}.
   */
  public record Endpoints(@Nullable URI sts, @Nullable URI iam, @Nullable URI signin) {

    public static final Endpoints NONE = new Endpoints(null, null, null);

    public Endpoints {
      EndpointUrl.check(sts);
      EndpointUrl.check(iam);
      EndpointUrl.check(signin);
    }
  }
}

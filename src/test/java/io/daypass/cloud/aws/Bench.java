package io.daypass.cloud.aws;

import io.daypass.cloud.Grants;
import io.daypass.cloud.Waits;
import io.daypass.cloud.wire.Limits;
import io.daypass.issuer.Assertions;
import io.daypass.issuer.Signing;
import io.daypass.issuer.SigningKeys;
import java.net.URI;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** What most tests of this package need: keys, a strict STS and the cloud that talks to it. */
final class Bench implements AutoCloseable {

  static final Map<String, String> PATHS =
      Map.of("cloudwatch", "/cloudwatch/home", "ec2", "/ec2/home", "elsewhere", "//evil.example/");

  private static final Signing.Ring RING = Signing.Ring.made();

  final SigningKeys keys = RING.ready(Signing.ISSUER, InstantSource.fixed(Grants.NOW));
  final StrictSts sts = new StrictSts(() -> keys.jwks().body());
  final AwsCloud cloud = cloud(sts.at("/sts"), sts.at("/signin"), Waits.QUICK);

  AwsCloud cloud(URI stsEndpoint, URI signin, Limits limits) {
    return cloud(stsEndpoint, signin, limits, keys, null);
  }

  AwsCloud cloudWhoseRevokerIs(String role) {
    return cloud(sts.at("/sts"), sts.at("/signin"), Waits.QUICK, keys, role);
  }

  AwsCloud cloudSigningWith(Assertions assertions) {
    return cloud(sts.at("/sts"), sts.at("/signin"), Waits.QUICK, assertions, null);
  }

  private static AwsCloud cloud(
      URI stsEndpoint, URI signin, Limits limits, Assertions assertions, @Nullable String revoker) {
    var config =
        new AwsConfig(
            Signing.ISSUER,
            AwsConfig.DEFAULT_AUDIENCE,
            AwsConfig.DEFAULT_REGION,
            new AwsConfig.Endpoints(stsEndpoint, null, signin),
            revoker,
            limits);
    return new AwsCloud(
        config,
        assertions,
        RandomGenerator.getDefault(),
        destination -> Optional.ofNullable(PATHS.get(destination)));
  }

  @Override
  public void close() {
    cloud.close();
    sts.close();
  }
}

package io.daypass.cloud;

import io.daypass.identity.CallerId;
import io.daypass.identity.Identity;
import io.daypass.identity.Kind;
import io.daypass.ledger.RecordedGrant;
import io.daypass.ledger.RecordedGrants;
import io.daypass.policy.Role;
import io.daypass.policy.RoleArn;
import io.daypass.policy.SessionPolicy;
import io.daypass.policy.Target;
import io.daypass.request.RequestId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Recorded grants for tests, each like the one before but for what a test is about. */
public record Grants(
    Target target,
    String roleName,
    Duration lifetime,
    Identity requester,
    Instant recordedAt,
    Instant endsAt) {

  public static final Instant NOW = Instant.parse("2026-11-21T10:00:00.250Z");
  public static final RequestId REQUEST = new RequestId("0123456789abcdef");
  public static final UUID ISSUANCE = UUID.fromString("6f1c2f57-9d55-4ac5-8d4c-0f5f2c6a7f10");
  public static final String ARN = "arn:aws:iam::123456789012:role/daypass/prod-readonly";

  public static Grants standard() {
    return new Grants(
        aws(ARN, null),
        "prod-readonly",
        Duration.ofHours(1),
        human("8c1b2e-4f", "alice@example.com"),
        NOW,
        Instant.parse("2026-11-21T18:00:00Z"));
  }

  public static Target.Aws aws(String arn, @Nullable SessionPolicy policy) {
    return new Target.Aws(
        RoleArn.parse(arn).orElseThrow(), policy, List.of("cloudwatch", "ec2", "elsewhere"));
  }

  public static Identity human(String subject, @Nullable String email) {
    return identity("staff", subject, Kind.HUMAN, email);
  }

  public static Identity identity(
      String issuer, String subject, Kind kind, @Nullable String email) {
    return new Identity(new CallerId(issuer, subject), kind, null, email, null, Set.of(), Map.of());
  }

  public Grants to(Target other) {
    return new Grants(other, roleName, lifetime, requester, recordedAt, endsAt);
  }

  public Grants called(String name) {
    return new Grants(target, name, lifetime, requester, recordedAt, endsAt);
  }

  public Grants lifetime(Duration other) {
    return new Grants(target, roleName, other, requester, recordedAt, endsAt);
  }

  public Grants by(Identity other) {
    return new Grants(target, roleName, lifetime, other, recordedAt, endsAt);
  }

  public Grants at(Instant now) {
    return new Grants(target, roleName, lifetime, requester, now, endsAt);
  }

  public Grants ending(Instant end) {
    return new Grants(target, roleName, lifetime, requester, recordedAt, end);
  }

  public RecordedGrant recorded() {
    var role =
        new Role(
            roleName,
            "",
            Role.Access.READ_ONLY,
            Role.Sensitivity.LOW,
            target,
            Duration.ofHours(8),
            lifetime,
            List.of(),
            "digest");
    return RecordedGrants.of(ISSUANCE, REQUEST, requester, role, recordedAt, endsAt);
  }
}

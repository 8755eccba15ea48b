package io.daypass.web.api;

import io.daypass.cloud.Credential;
import io.daypass.cloud.Secret;
import io.daypass.identity.Identity;
import io.daypass.ledger.CheckpointStore;
import io.daypass.ledger.WrittenEntry;
import io.daypass.policy.ApprovalLine;
import io.daypass.policy.Condition.Truth;
import io.daypass.policy.Durations;
import io.daypass.policy.Policies;
import io.daypass.policy.RuleTrace;
import io.daypass.request.AccessRequest;
import io.daypass.request.Approval;
import io.daypass.request.RunOrigin;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The broker's values as wire records. */
public final class Show {

  private final URI publicUrl;
  private final Supplier<Policies> policies;
  private final Aftermath aftermath;

  /**
   * @param policies what roles are now, for what is told of their credentials
   */
  public Show(URI publicUrl, Supplier<Policies> policies, Aftermath aftermath) {
    this.publicUrl = publicUrl;
    this.policies = policies;
    this.aftermath = aftermath;
  }

  Wire.Request request(AccessRequest request, Instant now) {
    return request(request, now, null, null);
  }

  /**
   * All there is to tell.
   *
   * @param liveUntil when the last credential that was handed out under it dies; null if there is
   *     none
   */
  Wire.Request whole(AccessRequest request, Instant now, @Nullable Instant liveUntil) {
    return request(request, now, liveUntil, aftermath.cut(request.id(), now));
  }

  private Wire.Request request(
      AccessRequest request, Instant now, @Nullable Instant liveUntil, Wire.@Nullable Cut cut) {
    var times = request.times();
    var ending = request.ending();
    var extended = request.extendsRequest();
    return new Wire.Request(
        request.id().value(),
        url(request),
        word(request.statusAt(now)),
        request.role(),
        person(request.requester()),
        RunOrigin.of(request.requester()).map(Show::origin).orElse(null),
        Durations.show(request.wish().duration()),
        request.wish().reason(),
        request.wish().ticket(),
        instant(request.startsAt()),
        request.basis().rule(),
        request.basis().lines().stream().map(l -> new Wire.Line(l.from(), l.count())).toList(),
        request.approvals().stream().map(Show::approval).toList(),
        Objects.requireNonNull(instant(times.madeAt())),
        Objects.requireNonNull(instant(times.lapsesAt())),
        instant(times.grantStarts()),
        instant(times.grantEnds()),
        ending == null
            ? null
            : new Wire.Ending(ending.at().toString(), ending.by(), ending.reason()),
        extended == null ? null : extended.value(),
        policies.get().role(request.role()).map(role -> aftermath.of(role.target())).orElse(null),
        instant(liveUntil),
        cut);
  }

  /** The page where people look at a request. */
  public String url(AccessRequest request) {
    return publicUrl + "/requests/" + request.id();
  }

  private static Wire.Origin origin(RunOrigin origin) {
    return new Wire.Origin(
        origin.repository(), origin.ref(), origin.commit(), origin.actor(), origin.run());
  }

  private static Wire.Approval approval(Approval approval) {
    var shorter = approval.shortenedTo();
    return new Wire.Approval(
        person(approval.approver().identity()),
        word(approval.verdict()),
        approval.comment(),
        shorter == null ? null : Durations.show(shorter),
        approval.at().toString());
  }

  static Wire.Person person(Identity identity) {
    return new Wire.Person(
        identity.id().issuer(), identity.id().subject(), word(identity.kind()), identity.shownAs());
  }

  static List<Wire.Line> lines(List<ApprovalLine> lines) {
    return lines.stream().map(line -> new Wire.Line(line.from().text(), line.count())).toList();
  }

  static List<Wire.RuleTrace> trace(List<RuleTrace> rules) {
    return rules.stream()
        .map(rule ->
            new Wire.RuleTrace(
                rule.rule(),
                rule.decided(),
                rule.conditions().stream().map(Show::condition).toList()))
        .toList();
  }

  private static Wire.ConditionTrace condition(RuleTrace.ConditionTrace condition) {
    return switch (condition.truth()) {
      case Truth.Held _ -> condition(condition, "held", null);
      case Truth.NotHeld _ -> condition(condition, "not_held", null);
      case Truth.Failed(var why) -> condition(condition, "failed", why);
    };
  }

  private static Wire.ConditionTrace condition(
      RuleTrace.ConditionTrace condition, String truth, @Nullable String why) {
    return new Wire.ConditionTrace(condition.key(), condition.text(), truth, why);
  }

  static Wire.LedgerEntry entry(WrittenEntry entry) {
    var caller = entry.caller();
    return new Wire.LedgerEntry(
        entry.number(),
        entry.at().toString(),
        entry.kind(),
        text(entry.request()),
        text(entry.issuance()),
        entry.role(),
        caller == null ? null : caller.issuer(),
        caller == null ? null : caller.subject(),
        entry.canonical(),
        entry.sha256());
  }

  /** What an entry says besides who and what it is about: by name, as text. */
  public static Map<String, String> detail(WrittenEntry entry) {
    var said = Json.read(entry.canonical(), Wire.Canonical.class).map(Wire.Canonical::detail);
    var detail = new TreeMap<String, String>();
    said.orElse(Map.of())
        .forEach((name, value) ->
            detail.put(name, value instanceof String text ? text : Json.write(value)));
    return detail;
  }

  static Wire.Checkpoint checkpoint(CheckpointStore.Kept kept) {
    var checkpoint = kept.checkpoint();
    return new Wire.Checkpoint(
        checkpoint.size(), kept.through(), checkpoint.root(), kept.at().toString(), kept.signed());
  }

  /** A credential in the shape its cloud's tools take. */
  public static Map<String, Object> credential(Credential credential, Instant now) {
    return switch (credential) {
      case Credential.AwsSession aws -> {
        // AWS SDKs and Tools reference guide, "Process credential provider".
        var shape = new LinkedHashMap<String, Object>();
        shape.put("Version", 1);
        shape.put("AccessKeyId", aws.accessKeyId());
        shape.put("SecretAccessKey", aws.secretAccessKey().reveal());
        shape.put("SessionToken", aws.sessionToken().reveal());
        shape.put("Expiration", seconds(aws.expiresAt()));
        shape.put("AccountId", aws.accountId());
        yield shape;
      }
      case Credential.GoogleToken google -> bearer(google.accessToken(), google.expiresAt(), now);
      case Credential.AzureToken azure -> {
        var shape = bearer(azure.accessToken(), azure.expiresAt(), now);
        shape.put("scope", azure.scope());
        shape.put("lives_until", seconds(azure.livesUntil()));
        shape.put("after_end", azure.outlives() ? "outlives_approval" : "role_assignment");
        yield shape;
      }
      case Credential.OidcToken oidc -> {
        var shape = new LinkedHashMap<String, Object>();
        shape.put("id_token", oidc.idToken().reveal());
        shape.put("expires_at", seconds(oidc.expiresAt()));
        yield shape;
      }
    };
  }

  private static Map<String, Object> bearer(Secret token, Instant expires, Instant now) {
    var shape = new LinkedHashMap<String, Object>();
    shape.put("access_token", token.reveal());
    shape.put("token_type", "Bearer");
    shape.put("expires_in", secondsLeft(expires, now));
    shape.put("expires_at", seconds(expires));
    return shape;
  }

  /** Whole seconds from {@code now} to {@code expires}, rounded down; none once it is over. */
  public static long secondsLeft(Instant expires, Instant now) {
    return Math.max(0, Duration.between(now, expires).toSeconds());
  }

  /** Whole seconds, never later than {@code instant}. */
  public static String seconds(Instant instant) {
    return instant.truncatedTo(ChronoUnit.SECONDS).toString();
  }

  /** In lower case, as it goes over the wire. */
  public static String word(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }

  static String duration(Duration duration) {
    return Durations.show(duration);
  }

  private static @Nullable String instant(@Nullable Instant instant) {
    return instant == null ? null : instant.toString();
  }

  private static @Nullable String text(@Nullable Object value) {
    return value == null ? null : value.toString();
  }
}

package io.daypass.sandbox.aws;

import io.daypass.sandbox.http.Ask;
import io.daypass.sandbox.http.Calls;
import io.daypass.sandbox.http.Endpoint;
import io.daypass.sandbox.http.Fault;
import io.daypass.sandbox.http.Form;
import io.daypass.sandbox.http.Reply;
import io.vertx.core.Future;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * The Query API of STS: {@code AssumeRoleWithWebIdentity} and {@code GetCallerIdentity}. It takes
 * only what the real one takes, with one rule of its own: the real {@code GetCallerIdentity}
 * answers whatever a policy says, this one refuses a session that everything is denied to, so that
 * the end of an approval can be seen.
 */
final class StsStandIn implements Endpoint {

  private static final String VERSION = "2011-06-15";

  private final WebIdentity tokens;
  private final Roles roles;
  private final Sessions sessions;
  private final SigV4 signatures;
  private final Calls calls;
  private final InstantSource clock;

  StsStandIn(
      WebIdentity tokens,
      Roles roles,
      Sessions sessions,
      SigV4 signatures,
      Calls calls,
      InstantSource clock) {
    this.tokens = tokens;
    this.roles = roles;
    this.sessions = sessions;
    this.signatures = signatures;
    this.calls = calls;
    this.clock = clock;
  }

  @Override
  public Future<Reply> answer(Ask ask) {
    var form = ask.form();
    var action = form.get("Action", "");
    var facts = new LinkedHashMap<String, Object>();
    try {
      return dispatch(ask, form, action, facts)
          .recover(
              e -> e instanceof Refused no ? refuse(action, no, facts) : Future.failedFuture(e));
    } catch (Refused e) {
      return refuse(action, e, facts);
    }
  }

  /** The answer to a call that {@code fault} keeps from being served. */
  Reply fail(Ask ask, Fault.Refuse fault) {
    var form = ask.form();
    var facts = new LinkedHashMap<String, Object>();
    note(form, facts);
    calls.add("sts", form.get("Action", ""), fault.status(), fault.code(), facts);
    return Xml.error(
        Xml.STS, fault.status(), fault.code(), "Rate exceeded or service down", requestId());
  }

  private Future<Reply> dispatch(Ask ask, Form form, String action, Map<String, Object> facts) {
    if (!form.get("Version", "").equals(VERSION)) {
      throw invalidAction(action, form.get("Version", "NO_VERSION_SPECIFIED"));
    }
    return switch (action) {
      case "AssumeRoleWithWebIdentity" -> assume(form, facts);
      case "GetCallerIdentity" -> Future.succeededFuture(whoami(ask, facts));
      case "" -> throw new Refused(400, "MissingAction", "No Action was specified.");
      default -> throw invalidAction(action, VERSION);
    };
  }

  private Future<Reply> assume(Form form, Map<String, Object> facts) {
    note(form, facts);
    var call = AssumeCall.read(form);
    return tokens
        .verify(call.token(), call.roleArn())
        .map(verified -> assume(call, verified, facts));
  }

  private static void note(Form form, Map<String, Object> facts) {
    form.get("RoleArn").ifPresent(arn -> facts.put("role_arn", arn));
    form.get("RoleSessionName").ifPresent(name -> facts.put("session_name", name));
    form.get("DurationSeconds").ifPresent(seconds -> facts.put("duration", seconds));
    form.get("Policy").ifPresent(policy -> facts.put("policy", policy));
    form.get("WebIdentityToken")
        .ifPresent(token -> facts.put("token_sha256", SigV4.fingerprint(token)));
  }

  private Reply assume(AssumeCall call, WebIdentity.Verified who, Map<String, Object> facts) {
    facts.put("issuer", who.issuer());
    facts.put("audience", who.audience());
    facts.put("subject", who.subject());
    facts.put("tags", who.tags().values());
    var id = who.id();
    if (id != null) {
      facts.put("jti", id);
    }
    var source = who.sourceIdentity();
    if (source != null) {
      facts.put("source_identity", source);
    }
    var role = trusting(call, who);
    if (call.seconds() > role.longest().toSeconds()) {
      throw Refused.validation(
          "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.");
    }
    int packed = call.packedPercent(who.tags());
    if (packed > 100) {
      throw new Refused(
          400,
          "PackedPolicyTooLarge",
          "Packed policy consumes " + packed + "% of allotted space, please use smaller policy.");
    }
    var now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
    var session =
        sessions.open(
            new Sessions.Terms(
                role,
                call.sessionName(),
                source,
                who.tags().values(),
                call.policy(),
                now,
                now.plusSeconds(call.seconds())));
    facts.put("access_key_id", session.accessKeyId());
    facts.put("expires_at", session.terms().expiresAt().toString());
    calls.add("sts", "AssumeRoleWithWebIdentity", 200, "ok", facts);
    return Xml.answer(
        Xml.STS, "AssumeRoleWithWebIdentity", result(session, who, packed), requestId());
  }

  // The same words for an unknown role and for one that does not trust the token, as at AWS.
  private StandInRole trusting(AssumeCall call, WebIdentity.Verified who) {
    var tagged = !who.tags().values().isEmpty();
    return roles
        .get(call.roleArn())
        .filter(role -> role.audience().equals(who.audience()))
        .filter(role -> role.subject().equals(who.subject()))
        .filter(role -> role.trustsTags() || !tagged)
        .filter(role -> role.trustsSourceIdentity() || who.sourceIdentity() == null)
        .orElseThrow(
            () -> Refused.accessDenied("Not authorized to perform sts:AssumeRoleWithWebIdentity"));
  }

  private static String result(Sessions.Session session, WebIdentity.Verified who, int packed) {
    var terms = session.terms();
    return Xml.element("SubjectFromWebIdentityToken", who.subject())
        + Xml.element("Audience", who.audience())
        + "<AssumedRoleUser>\n"
        + Xml.element("Arn", session.arn())
        + Xml.element("AssumedRoleId", session.userId())
        + "</AssumedRoleUser>\n<Credentials>\n"
        + Xml.element("AccessKeyId", session.accessKeyId())
        + Xml.element("SecretAccessKey", session.secretAccessKey())
        + Xml.element("SessionToken", session.sessionToken())
        + Xml.element("Expiration", terms.expiresAt().toString())
        + "</Credentials>\n"
        + Xml.element("SourceIdentity", Optional.ofNullable(terms.sourceIdentity()).orElse(""))
        + Xml.element("PackedPolicySize", String.valueOf(packed))
        + Xml.element(
            "Provider",
            "arn:aws:iam::"
                + terms.role().account()
                + ":oidc-provider/"
                + who.issuer().replaceFirst("^https?://", ""));
  }

  private Reply whoami(Ask ask, Map<String, Object> facts) {
    var session = signatures.signer(ask, "sts");
    facts.put("access_key_id", session.accessKeyId());
    facts.put("arn", session.arn());
    var verdict = Verdict.of(session, Optional.of("sts:GetCallerIdentity"), roles, clock.instant());
    if (!verdict.allowed()) {
      throw Refused.accessDenied(
          "User: "
              + session.arn()
              + " is not authorized to perform: sts:GetCallerIdentity: "
              + verdict.why());
    }
    calls.add("sts", "GetCallerIdentity", 200, "ok", facts);
    return Xml.answer(
        Xml.STS,
        "GetCallerIdentity",
        Xml.element("Arn", session.arn())
            + Xml.element("UserId", session.userId())
            + Xml.element("Account", session.terms().role().account()),
        requestId());
  }

  private Future<Reply> refuse(String action, Refused no, Map<String, Object> facts) {
    facts.put("message", no.words());
    calls.add("sts", action, no.status(), no.code(), facts);
    return Future.succeededFuture(
        Xml.error(Xml.STS, no.status(), no.code(), no.words(), requestId()));
  }

  private static Refused invalidAction(String action, String version) {
    return new Refused(
        400, "InvalidAction", "Could not find operation " + action + " for version " + version);
  }

  private static String requestId() {
    return UUID.randomUUID().toString();
  }
}

package io.daypass.sandbox.aws;

import io.daypass.sandbox.http.Ask;
import io.daypass.sandbox.http.Calls;
import io.daypass.sandbox.http.Endpoint;
import io.daypass.sandbox.http.Fault;
import io.daypass.sandbox.http.Form;
import io.daypass.sandbox.http.Reply;
import io.vertx.core.Future;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * The part of IAM's Query API that has to do with the inline policies of roles. Takes signed
 * requests of sessions whose role may edit roles, and only within their account.
 */
final class IamStandIn implements Endpoint {

  static final String VERSION = "2010-05-08";
  // IAM user guide, "IAM and STS quotas": all inline policies of a role, without white space.
  private static final int LARGEST_TOTAL = 10_240;
  private static final Pattern POLICY_NAME = Pattern.compile("[\\w+=,.@-]{1,128}");

  private final Roles roles;
  private final SigV4 signatures;
  private final Calls calls;
  private final InstantSource clock;
  private volatile Duration propagation = Duration.ZERO;

  IamStandIn(Roles roles, SigV4 signatures, Calls calls, InstantSource clock) {
    this.roles = roles;
    this.signatures = signatures;
    this.calls = calls;
    this.clock = clock;
  }

  void propagation(Duration delay) {
    propagation = delay;
  }

  @Override
  public Future<Reply> answer(Ask ask) {
    var form = ask.form();
    var action = form.get("Action", "");
    var facts = new LinkedHashMap<String, Object>();
    try {
      if (!form.get("Version", "").equals(VERSION)) {
        throw invalidAction(action);
      }
      note(form, facts);
      var role = role(ask, action, form, facts);
      var result = perform(action, role, form);
      calls.add("iam", action, 200, "ok", facts);
      return Future.succeededFuture(Xml.answer(Xml.IAM, action, result, requestId()));
    } catch (Refused no) {
      facts.put("message", no.words());
      calls.add("iam", action, no.status(), no.code(), facts);
      return Future.succeededFuture(
          Xml.error(Xml.IAM, no.status(), no.code(), no.words(), requestId()));
    }
  }

  /** The answer to a call that {@code fault} keeps from being served. */
  Reply fail(Ask ask, Fault.Refuse fault) {
    var form = ask.form();
    var facts = new LinkedHashMap<String, Object>();
    note(form, facts);
    calls.add("iam", form.get("Action", ""), fault.status(), fault.code(), facts);
    return Xml.error(
        Xml.IAM, fault.status(), fault.code(), "Rate exceeded or service down", requestId());
  }

  private static void note(Form form, Map<String, Object> facts) {
    form.get("RoleName").ifPresent(name -> facts.put("role_name", name));
    form.get("PolicyName").ifPresent(name -> facts.put("policy_name", name));
    form.get("PolicyDocument").ifPresent(policy -> facts.put("policy", policy));
  }

  private StandInRole role(Ask ask, String action, Form form, Map<String, Object> facts) {
    var session = signatures.signer(ask, "iam");
    facts.put("access_key_id", session.accessKeyId());
    facts.put("arn", session.arn());
    var verdict =
        Verdict.of(session, java.util.Optional.of("iam:" + action), roles, clock.instant());
    if (!session.terms().role().editsRoles() || !verdict.allowed()) {
      throw Refused.accessDenied(
          "User: " + session.arn() + " is not authorized to perform: iam:" + action);
    }
    var name = form.get("RoleName", "");
    var arn = "arn:aws:iam::" + session.terms().role().account() + ":role/" + name;
    return roles
        .get(arn)
        .orElseThrow(() -> noEntity("The role with name " + name + " cannot be found."));
  }

  private String perform(String action, StandInRole role, Form form) {
    return switch (action) {
      case "GetRole" -> role(role);
      case "ListRolePolicies" -> list(role);
      case "GetRolePolicy" -> get(role, policyName(form));
      case "PutRolePolicy" -> put(role, policyName(form), form.get("PolicyDocument", ""));
      case "DeleteRolePolicy" -> delete(role, policyName(form));
      default -> throw invalidAction(action);
    };
  }

  private static String role(StandInRole role) {
    return "<Role>\n"
        + Xml.element("Path", "/")
        + Xml.element("Arn", role.arn())
        + Xml.element("RoleName", role.name())
        + Xml.element("RoleId", Sessions.roleId(role))
        + Xml.element("CreateDate", Instant.EPOCH.toString())
        + Xml.element("MaxSessionDuration", String.valueOf(role.longest().toSeconds()))
        + "</Role>\n";
  }

  private String list(StandInRole role) {
    var names = new StringBuilder("<PolicyNames>\n");
    roles.inline(role.arn()).keySet().forEach(name -> names.append(Xml.element("member", name)));
    return names + "</PolicyNames>\n" + Xml.element("IsTruncated", "false");
  }

  private String get(StandInRole role, String name) {
    var policy = roles.inline(role.arn()).get(name);
    if (policy == null) {
      throw noPolicy(name);
    }
    // RFC 3986: a space is %20 here, never a plus.
    var encoded = URLEncoder.encode(policy.text(), StandardCharsets.UTF_8).replace("+", "%20");
    return Xml.element("RoleName", role.name())
        + Xml.element("PolicyName", name)
        + Xml.element("PolicyDocument", encoded);
  }

  private String put(StandInRole role, String name, String text) {
    var policy = PolicyDocument.parse(text);
    int total = text.replaceAll("\\s", "").length();
    for (var other : roles.inline(role.arn()).entrySet()) {
      if (!other.getKey().equals(name)) {
        total += other.getValue().text().replaceAll("\\s", "").length();
      }
    }
    if (total > LARGEST_TOTAL) {
      throw new Refused(
          409,
          "LimitExceeded",
          "Maximum policy size of " + LARGEST_TOTAL + " bytes exceeded for role " + role.name());
    }
    roles.put(role.arn(), name, new Roles.Inline(text, policy, clock.instant().plus(propagation)));
    return "";
  }

  private String delete(StandInRole role, String name) {
    if (!roles.remove(role.arn(), name)) {
      throw noPolicy(name);
    }
    return "";
  }

  private static String policyName(Form form) {
    var name = form.get("PolicyName", "");
    if (!POLICY_NAME.matcher(name).matches()) {
      throw Refused.validation(
          "1 validation error detected: Value at 'policyName' failed to satisfy constraint");
    }
    return name;
  }

  private static Refused noPolicy(String name) {
    return noEntity("The role policy with name " + name + " cannot be found.");
  }

  private static Refused noEntity(String words) {
    return new Refused(404, "NoSuchEntity", words);
  }

  private static Refused invalidAction(String action) {
    return new Refused(
        400, "InvalidAction", "Could not find operation " + action + " for version " + VERSION);
  }

  private static String requestId() {
    return UUID.randomUUID().toString();
  }
}

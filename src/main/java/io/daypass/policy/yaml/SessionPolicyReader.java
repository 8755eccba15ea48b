package io.daypass.policy.yaml;

import io.daypass.document.Documents;
import io.daypass.document.Documents.Parsed.Broken;
import io.daypass.document.Documents.Parsed.Read;
import io.daypass.document.Json;
import io.daypass.document.MappingReader;
import io.daypass.document.Node;
import io.daypass.document.Node.Sequence;
import io.daypass.policy.SessionPolicy;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Reads the file that {@code session-policy} names: an IAM policy in JSON. */
record SessionPolicyReader(PolicyFiles files, Findings findings) {

  private static final String VERSION = "2012-10-17";

  /** Allow or Deny, as IAM spells them. */
  enum Effect {
    ALLOW("Allow"),
    DENY("Deny");

    private final String spelled;

    Effect(String spelled) {
      this.spelled = spelled;
    }
  }

  Optional<SessionPolicy> read(MappingReader target) {
    var name = target.text("session-policy");
    if (name.isEmpty()) {
      return Optional.empty();
    }
    return switch (files.referenced(name.get())) {
      case PolicyFiles.Content.Refused(var why) -> {
        findings.error(target.placeOfValue("session-policy"), "file_refused", why);
        yield Optional.empty();
      }
      case PolicyFiles.Content.Bytes(var bytes) ->
          switch (Documents.parseJson(name.get(), bytes)) {
            case Broken(var problems) -> {
              findings.errors().addAll(problems);
              yield Optional.empty();
            }
            case Read(var root) -> policy(root, target);
          };
    };
  }

  private Optional<SessionPolicy> policy(Node root, MappingReader target) {
    var reader = MappingReader.of(root, findings.errors());
    if (reader.isEmpty()) {
      return Optional.empty();
    }
    var version = reader.get().requiredText("Version");
    if (version.isPresent() && !version.get().equals(VERSION)) {
      // The older version knows no policy variables: it reads "${" as text.
      reader.get().problem("Version", "bad_value", "\"Version\" is \"" + VERSION + "\"");
    }
    reader.get().text("Id");
    reader.get().require("Statement");
    var statements = reader.get().node("Statement").map(SessionPolicyReader::several);
    reader.get().finish();
    if (statements.isEmpty() || statements.get().isEmpty()) {
      reader.get().problem("session_policy_empty", "a session policy has at least one statement");
      return Optional.empty();
    }
    return check(statements.get(), reader.get(), target);
  }

  private Optional<SessionPolicy> check(
      List<Node> statements, MappingReader reader, MappingReader target) {
    var allows = false;
    for (var statement : statements) {
      allows |= allows(statement);
    }
    if (!allows) {
      // STS, AssumeRole, "Policy": a session has what both its role and this policy allow.
      var message = "no statement allows anything: the sessions could do nothing";
      reader.problem("Statement", "session_policy_allows_nothing", message);
    }
    var policy =
        new SessionPolicy(statements.stream().map(Json::write).collect(Collectors.joining(",")));
    if (policy.composedLength() > SessionPolicy.LONGEST) {
      var message =
          "with the end of the grant in it the session policy has %d characters; AWS takes %d"
              .formatted(policy.composedLength(), SessionPolicy.LONGEST);
      findings.error(target.placeOfValue("session-policy"), "session_policy_too_long", message);
    }
    return Optional.of(policy);
  }

  private static List<Node> several(Node node) {
    return node instanceof Sequence(var items, _) ? items : List.of(node);
  }

  private boolean allows(Node node) {
    var statement = MappingReader.of(node, findings.errors());
    if (statement.isEmpty()) {
      return false;
    }
    var reader = statement.get();
    reader.require("Effect");
    var effect =
        reader.parsed(
            "Effect",
            text ->
                java.util.stream.Stream.of(Effect.values())
                    .filter(e -> e.spelled.equals(text))
                    .findFirst(),
            "Allow or Deny");
    reader.text("Sid");
    oneOf(reader, "Action", "NotAction");
    oneOf(reader, "Resource", "NotResource");
    reader.mapping("Condition");
    reader.finish();
    return effect.stream().anyMatch(e -> e == Effect.ALLOW);
  }

  private static void oneOf(MappingReader reader, String key, String opposite) {
    if (reader.has(key) == reader.has(opposite)) {
      var message = "a statement has either \"" + key + "\" or \"" + opposite + "\"";
      reader.problem("missing_key", message);
      return;
    }
    var used = reader.has(key) ? key : opposite;
    if (reader.textOrTexts(used).isEmpty()) {
      reader.problem(used, "bad_value", "\"" + used + "\" names nothing");
    }
  }
}

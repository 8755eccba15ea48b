package io.daypass.policy.yaml;

import io.daypass.document.MappingReader;
import io.daypass.document.Node;
import io.daypass.document.Problem;
import io.daypass.identity.Identity;
import io.daypass.policy.Circumstances;
import io.daypass.policy.Denial.Code;
import io.daypass.policy.Durations;
import io.daypass.policy.Wish;
import io.daypass.policy.yaml.PolicyTest.Answer;
import io.daypass.policy.yaml.PolicyTest.Expected;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** Reads one file of tests: {@code callers} by name, and {@code tests}. */
final class PolicyTestReader {

  /** A Monday, so that tests that say no time mean ordinary working hours. */
  private static final Instant USUAL_TIME = Instant.parse("2026-03-02T12:00:00Z");

  // RFC 5737: an address of no real network.
  private static final String USUAL_NETWORK = "192.0.2.1";

  private final Predicate<String> isRole;
  private final List<Problem> problems;
  private final Map<String, Identity> callers = new HashMap<>();

  /**
   * A reader of tests.
   *
   * @param isRole whether there is a role of that name
   */
  PolicyTestReader(Predicate<String> isRole, List<Problem> problems) {
    this.isRole = isRole;
    this.problems = problems;
  }

  /** The tests; what is wrong is noted. */
  List<PolicyTest> read(Node root) {
    var tests = new ArrayList<PolicyTest>();
    for (var file : MappingReader.of(root, problems).stream().toList()) {
      file.requiredMapping("callers").ifPresent(this::callers);
      file.require("tests");
      for (var test : file.mappings("tests")) {
        test(test).ifPresent(tests::add);
      }
      file.finish();
    }
    return tests;
  }

  private void callers(MappingReader reader) {
    for (var name : reader.keys()) {
      reader
          .mapping(name)
          .flatMap(caller -> CallerReader.read(caller, name, problems))
          .ifPresent(caller -> callers.put(name, caller));
    }
  }

  private Optional<PolicyTest> test(MappingReader reader) {
    var before = problems.size();
    var name = reader.requiredText("name").orElse("");
    var caller = reader.requiredText("caller").flatMap(n -> caller(reader, "caller", n));
    var role = reader.requiredText("role").orElse("");
    if (reader.has("role") && !isRole.test(role)) {
      // Else what expects a no would hold for ever, whatever becomes of the role that it means.
      reader.problem("role", "role_unknown", "the role \"" + role + "\" does not exist");
    }
    var duration =
        reader.parsed("for", Durations::parse, Names.DURATION).orElse(Duration.ofMinutes(15));
    var wish =
        new Wish(duration, reader.text("reason").orElse(""), reader.text("ticket").orElse(null));
    var circumstances = circumstances(reader);
    var expected = expected(reader);
    reader.finish();
    return problems.size() > before || caller.isEmpty() || expected.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new PolicyTest(
                name, reader.place(), caller.get(), role, wish, circumstances, expected.get()));
  }

  private Circumstances circumstances(MappingReader reader) {
    var at =
        reader.parsed("at", PolicyTestReader::instant, "an instant such as 2026-03-02T12:00:00Z");
    var from =
        reader.parsed(
            "from",
            text -> FromNetworks.Address.parse(text).map(_ -> text),
            "an address such as 10.1.2.3");
    return new Circumstances(at.orElse(USUAL_TIME), from.orElse(USUAL_NETWORK));
  }

  private Optional<Expected> expected(MappingReader reader) {
    reader.require("expect");
    var answer = reader.enumOf("expect", Answer.class);
    var rule = reader.text("rule");
    var code =
        reader.parsed(
            "code",
            text -> Stream.of(Code.values()).filter(c -> c.code().equals(text)).findFirst(),
            "the code of a denial");
    var duration = reader.parsed("gives", Durations::parse, Names.DURATION);
    var enough = people(reader, "approved-by");
    var notEnough = people(reader, "not-approved-by");
    return answer.map(a -> new Expected(a, rule, code, duration, enough, notEnough));
  }

  private List<Identity> people(MappingReader reader, String key) {
    var people =
        reader.texts(key).stream().flatMap(name -> caller(reader, key, name).stream()).toList();
    if (reader.has(key) && !reader.text("expect").equals(Optional.of("needs-approval"))) {
      reader.problem(key, "bad_value", "\"" + key + "\" goes with expect: needs-approval");
    }
    return people;
  }

  private Optional<Identity> caller(MappingReader reader, String key, String name) {
    var caller = Optional.ofNullable(callers.get(name));
    if (caller.isEmpty()) {
      reader.problem(
          key, "caller_unknown", "\"" + name + "\" is not among the callers of the file");
    }
    return caller;
  }

  static Optional<Instant> instant(String text) {
    try {
      return Optional.of(OffsetDateTime.parse(text).toInstant());
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }
}

package io.daypass.notice.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import io.daypass.document.Documents;
import io.daypass.document.Documents.Parsed;
import io.daypass.document.Node.Mapping;
import io.daypass.notice.Message;
import io.daypass.notice.Messages;
import io.daypass.notice.NoticeKind;
import io.daypass.request.Approval.Verdict;
import io.daypass.web.api.Api;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The body that docs/operations.md shows receivers is the one that they are sent. */
class WebhookDocumentTest {

  private static final Pattern NAME = Pattern.compile("[a-z][a-z_]+");
  private static final Pattern QUOTED = Pattern.compile("`([a-z_]+)`");

  private final String document = read(Path.of("docs/operations.md"));
  private final JsonObject example = new JsonObject(between("The body:\n\n```json\n", "```"));

  private String between(String begin, String end) {
    var from = document.indexOf(begin);
    assertThat(from).as(begin).isPositive();
    return document.substring(from + begin.length(), document.indexOf(end, from + begin.length()));
  }

  private static JsonObject sent(Message message) {
    return new JsonObject(new JsonObject(Payload.of(message)).encode());
  }

  /** All that may be told of a request. */
  private static Stream<Message> ofRequests() {
    return Stream.of(
        Messages.of(NoticeKind.WAITING).by(Messages.run("mallory")).extending().make(),
        Messages.of(NoticeKind.APPROVED).decided("bob", Verdict.APPROVE, "go").make(),
        Messages.of(NoticeKind.REVOKED).make(),
        Messages.of(NoticeKind.ORPHANED).make());
  }

  private static Stream<Message> ofTheBroker() {
    return Stream.of(
        Messages.of(NoticeKind.STOPPED).broker(Map.of("reason", "a drill")),
        Messages.of(NoticeKind.CLEANUP_STUCK)
            .broker(Map.of("cloud", "azure", "code", "cloud_failed", "tries", "3")));
  }

  private static Set<String> names(Stream<JsonObject> objects) {
    return objects
        .flatMap(object -> object.fieldNames().stream())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  @Test
  void the_example_has_the_members_of_a_notice_and_no_others() {
    var notice = sent(Messages.of(NoticeKind.WAITING).make());
    assertThat(example.fieldNames()).isEqualTo(notice.fieldNames());
    var data = example.getJsonObject("data");
    assertThat(data.fieldNames()).isEqualTo(notice.getJsonObject("data").fieldNames());
    assertThat(data.getJsonObject("role").fieldNames())
        .isEqualTo(notice.getJsonObject("data").getJsonObject("role").fieldNames());
    var shown = new TreeSet<>(data.getJsonObject("request").fieldNames());
    shown.remove("...");
    assertThat(notice.getJsonObject("data").getJsonObject("request").fieldNames())
        .containsAll(shown);
  }

  @Test
  void what_the_api_says_of_a_request_and_notices_do_not_is_named() {
    var words = example.getJsonObject("data").getJsonObject("request").getString("...");
    var left =
        NAME.matcher(words.substring(words.indexOf("but for"))).results().map(MatchResult::group);
    var api = new TreeSet<>(ofTheApi());
    api.removeAll(
        names(ofRequests().map(m -> sent(m).getJsonObject("data").getJsonObject("request"))));
    assertThat(left.filter(name -> !List.of("but", "for", "and").contains(name)))
        .containsExactlyInAnyOrderElementsOf(api);
  }

  private static Set<String> ofTheApi() {
    var parsed = Documents.parse("openapi.yaml", Api.openapi().bytes().toString());
    if (!(parsed instanceof Parsed.Read(var root))) {
      throw new AssertionError(parsed);
    }
    var here = (Mapping) root;
    for (var key : List.of("components", "schemas", "Request", "properties")) {
      here = (Mapping) here.entry(key).orElseThrow().value();
    }
    return here.entries().keySet();
  }

  @Test
  void what_stands_beside_these_is_named() {
    var all =
        names(Stream.concat(ofRequests(), ofTheBroker()).map(m -> sent(m).getJsonObject("data")));
    all.removeAll(example.getJsonObject("data").fieldNames());
    assertThat(QUOTED.matcher(between("Beside these, where they belong: ", "\n")).results())
        .extracting(name -> name.group(1))
        .containsExactlyInAnyOrderElementsOf(all);
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

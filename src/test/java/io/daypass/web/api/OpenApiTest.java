package io.daypass.web.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.daypass.cloud.MintException;
import io.daypass.document.Documents;
import io.daypass.document.Documents.Parsed;
import io.daypass.document.Node;
import io.daypass.document.Node.Mapping;
import io.daypass.document.Node.Scalar;
import io.daypass.document.Node.Sequence;
import io.daypass.identity.Rejection;
import io.daypass.ledger.IssueRefusal;
import io.daypass.policy.Denial;
import io.daypass.request.RefusalCode;
import io.daypass.web.Code;
import io.daypass.web.Document;
import io.daypass.web.Metrics;
import io.daypass.web.Operations;
import io.daypass.web.Readiness;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class OpenApiTest {

  private final Mapping description = read();

  @Test
  void every_route_stands_in_the_description_and_nothing_else_does() {
    var described = new TreeSet<String>();
    at(description, "paths")
        .entries()
        .forEach((path, item) ->
            ((Mapping) item.value())
                .entries().keySet().stream()
                    .filter(key -> !key.equals("parameters"))
                    .forEach(m -> described.add(m.toUpperCase(Locale.ROOT) + " " + path)));
    var real = new TreeSet<String>();
    try (var world = new World()) {
      var routes = new ArrayList<>(world.routes());
      var document = Document.of("{}", "application/json", java.time.Duration.ZERO);
      routes.addAll(Operations.health(new Readiness(Map.of())));
      routes.addAll(Operations.metrics(new Metrics()));
      routes.addAll(
          Operations.documents(
              new Operations.Documents(Optional::empty, Optional::empty, document, document)));
      routes.forEach(route -> real.add(route.method() + " " + route.template()));
    }
    assertThat(described).isEqualTo(real);
  }

  @Test
  void every_parameter_that_a_route_reads_is_described() {
    try (var world = new World()) {
      for (var route : world.routes()) {
        var operation =
            at(description, "paths", route.template(), route.method().toLowerCase(Locale.ROOT));
        assertThat(queryParameters(operation))
            .as(route.template())
            .isEqualTo(new TreeSet<>(route.parameters()));
      }
    }
  }

  @Test
  void every_code_stands_in_the_description_and_nothing_else_does() {
    var codes =
        at(description, "components", "schemas", "Code").entry("enum").orElseThrow().value();
    var described = ((Sequence) codes).items().stream().map(item -> ((Scalar) item).text());
    assertThat(described)
        .containsExactlyElementsOf(Stream.of(Code.values()).map(Code::text).toList());
  }

  @Test
  void every_reference_leads_somewhere() {
    for (var reference : references(description)) {
      assertThat(reference).startsWith("#/");
      at(description, reference.substring(2).split("/", -1));
    }
  }

  // An unquoted text ends at its first comma, and what follows becomes a key that has no value.
  @Test
  void no_text_is_cut_off_at_a_comma() {
    assertThat(withoutValue("", description)).isEmpty();
  }

  @Test
  void every_refusal_of_the_broker_has_a_code_of_its_own_name() {
    for (var why : RefusalCode.values()) {
      assertThat(Translation.of(why).code().text()).isEqualTo(why.code());
    }
    for (var why : IssueRefusal.values()) {
      assertThat(Translation.of(why).code().text()).isEqualTo(why.code());
    }
    for (var why : Rejection.values()) {
      assertThat(Translation.of(why).code().text()).isEqualTo(why.code());
      assertThat(Translation.of(why).code().status()).isEqualTo(401);
    }
    for (var why : MintException.Reason.values()) {
      assertThat(Translation.of(why, new UUID(1, 1)).code().text()).isEqualTo(why.code());
    }
    for (var why : Denial.Code.values()) {
      var denial = new Denial(why, "detail", "next", null, List.of(), false);
      assertThat(Translation.of(denial).members()).containsEntry("reason", why.code());
    }
  }

  @Test
  void kinds_of_refusals_have_their_status() {
    for (var why : RefusalCode.values()) {
      var expected =
          switch (why.kind()) {
            case FORBIDDEN -> 403;
            case CONFLICT -> 409;
            case INVALID -> 422;
            case TOO_MANY -> 429;
          };
      assertThat(Translation.of(why).code().status()).as(why.code()).isEqualTo(expected);
    }
  }

  private Set<String> queryParameters(Mapping operation) {
    var names = new TreeSet<String>();
    var list = operation.entries().get("parameters");
    if (list != null) {
      for (var item : ((Sequence) list.value()).items()) {
        var parameter = (Mapping) item;
        var reference = parameter.entries().get("$ref");
        if (reference != null) {
          var path = ((Scalar) reference.value()).text().substring(2).split("/", -1);
          parameter = at(description, path);
        }
        if (text(parameter, "in").equals("query")) {
          names.add(text(parameter, "name"));
        }
      }
    }
    return names;
  }

  private static String text(Mapping mapping, String key) {
    return ((Scalar) mapping.entry(key).orElseThrow().value()).text();
  }

  private static List<String> references(Node node) {
    var found = new ArrayList<String>();
    switch (node) {
      case Mapping mapping ->
          mapping
              .entries()
              .forEach((key, entry) -> {
                if (key.equals("$ref") && entry.value() instanceof Scalar scalar) {
                  found.add(scalar.text());
                } else {
                  found.addAll(references(entry.value()));
                }
              });
      case Sequence sequence -> sequence.items().forEach(item -> found.addAll(references(item)));
      case Scalar _ -> {}
    }
    return found;
  }

  private static List<String> withoutValue(String at, Node node) {
    var found = new ArrayList<String>();
    switch (node) {
      case Mapping mapping ->
          mapping
              .entries()
              .forEach((key, entry) -> found.addAll(withoutValue(at + "/" + key, entry.value())));
      case Sequence sequence ->
          sequence.items().forEach(item -> found.addAll(withoutValue(at + "/-", item)));
      case Scalar scalar -> {
        if (scalar.text().isEmpty() || scalar.text().equals("null")) {
          found.add(at);
        }
      }
    }
    return found;
  }

  private static Mapping at(Mapping mapping, String... path) {
    var here = mapping;
    for (var key : path) {
      here = (Mapping) here.entry(key).orElseThrow().value();
    }
    return here;
  }

  private static Mapping read() {
    var text = Api.openapi().bytes().toString();
    return switch (Documents.parse("openapi.yaml", text)) {
      case Parsed.Read(var root) -> (Mapping) root;
      case Parsed.Broken(var problems) -> throw new AssertionError(problems);
    };
  }
}

package io.daypass.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.daypass.document.Node.Mapping;
import java.net.URI;
import java.net.http.HttpRequest;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** What a running broker says of its paths, held against what it answers on them. */
class DescriptionTest {

  private static final Set<String> NO_METHODS = Set.of("parameters", "summary", "description");

  private final Api api = Shared.api();

  @Test
  void
      every_path_that_the_served_description_has_takes_the_methods_that_stand_there_and_no_other() {
    var described = described();
    assertThat(described).hasSizeGreaterThan(30);
    var real = new HashMap<String, Set<String>>();
    described.keySet().forEach(path -> real.put(path, taken(path)));
    // Pages are for people and stand in no description; one of them is where a client may post.
    described.get("/").add("GET");
    assertThat(real).isEqualTo(described);
  }

  private Map<String, Set<String>> described() {
    var paths = new HashMap<String, Set<String>>();
    var description = Yaml.read(api.get("/openapi.yaml").is(200).body());
    ((Mapping) Yaml.at(description, "paths"))
        .entries()
        .forEach((path, item) -> paths.put(path, methods((Mapping) item.value())));
    return paths;
  }

  private static Set<String> methods(Mapping item) {
    var methods = new TreeSet<String>();
    for (var key : item.entries().keySet()) {
      if (!NO_METHODS.contains(key)) {
        methods.add(key.toUpperCase(Locale.ROOT));
      }
    }
    return methods;
  }

  /** A method that no path takes is answered with those that it does. */
  private Set<String> taken(String template) {
    var path = template.replaceAll("\\{[^}]+}", "x");
    var answer =
        api.any(
            HttpRequest.newBuilder(URI.create(api.url() + path))
                .method("PROPFIND", HttpRequest.BodyPublishers.noBody()));
    assertThat(answer.status()).as(template).isEqualTo(405);
    return new TreeSet<>(Set.of(answer.header("Allow").split(", ")));
  }
}

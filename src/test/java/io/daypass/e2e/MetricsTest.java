package io.daypass.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.daypass.sandbox.http.FreePort;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What a replica that has just begun its work shows to Prometheus. */
class MetricsTest {

  private static final Pattern TYPE =
      Pattern.compile("# TYPE (daypass_[a-z_]+) (counter|gauge|histogram|summary)");
  private static final Pattern NAMED = Pattern.compile("`(daypass_[a-z_]+)[`{]");
  // The database's roles have names of the same kind.
  private static final Set<String> ROLES = Set.of("daypass_app", "daypass_owner");

  private final Api api = Shared.api();

  private Set<String> served() {
    api.get("/v1/roles", Shared.world().person("alice")).is(200);
    return TYPE.matcher(api.get("/metrics").is(200).body())
        .results()
        .map(found -> found.group(1))
        // The longest that there was of late, which Micrometer adds to a histogram.
        .filter(name -> !name.endsWith("_max"))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  @Test
  void every_metric_that_is_served_is_explained_and_no_other() throws IOException {
    var explained =
        NAMED
            .matcher(Files.readString(Path.of("docs/operations.md")))
            .results()
            .map(found -> found.group(1))
            .filter(name -> !ROLES.contains(name))
            .map(name -> name.replaceFirst("_(count|sum|bucket)$", ""))
            .collect(Collectors.toCollection(TreeSet::new));
    assertThat(served()).hasSizeGreaterThan(12).isEqualTo(explained);
  }

  @Test
  void on_an_address_of_their_own_they_are_nowhere_else_and_nothing_else_is_there()
      throws Exception {
    var own = "127.0.0.1:" + FreePort.find();
    try (var replica =
        Shared.world().replica(same -> same + "\nmetrics: { listen: '" + own + "' }\n")) {
      replica.awaitReady().api().get("/metrics").is(404, "not_found");
      var metrics = new Api("http://" + own);
      assertThat(metrics.get("/metrics").is(200).body()).contains("daypass_build_info{");
      metrics.get("/v1/me").is(404, "not_found");
      metrics.get("/.well-known/jwks.json").is(404, "not_found");
    }
  }
}

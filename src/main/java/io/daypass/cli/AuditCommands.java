package io.daypass.cli;

import io.daypass.cli.client.Failure;
import io.daypass.cli.client.Local;
import io.daypass.cli.screen.Table;
import io.daypass.cli.screen.Table.Column;
import io.daypass.web.api.Json;
import io.daypass.web.api.Wire;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Reading the ledger; for auditors. */
final class AuditCommands {

  private AuditCommands() {}

  @Command(
      name = "audit",
      mixinStandardHelpOptions = true,
      description = "Read what happened, and check it; for auditors.")
  static final class Audit extends Group {
    Audit() {
      super(": list, export, checkpoint or verify");
    }
  }

  @Command(name = "list", description = "List entries of the ledger, oldest first.")
  static final class Listing extends PeopleCommand {

    @Mixin private LedgerFilter filter;

    @Mixin private Paging paging;

    // picocli fills the annotated fields before the command is called.
    @SuppressWarnings("NullAway.Init")
    Listing(Local local, Tools tools) {
      super(local, tools);
    }

    @Override
    int run() {
      var api = api();
      var chosen = filter.parameters(this, api);
      var entries = new ArrayList<Wire.LedgerEntry>();
      var next =
          paging.turn(from -> {
            var parameters = new HashMap<>(chosen);
            parameters.put("cursor", from);
            var path = Api.path("/v1/ledger", parameters);
            var page = api.page(path, Wire.LedgerPage.class).orFail().value();
            entries.addAll(page.entries());
            return page.cursor();
          });
      if (wantsJson()) {
        print(Json.write(new Wire.LedgerPage(entries, next)));
        return DONE;
      }
      print(entries.isEmpty() ? List.of("no entries") : table(entries));
      if (next != null) {
        note("there are more: daypass audit list --all");
      }
      return DONE;
    }

    private List<String> table(List<Wire.LedgerEntry> entries) {
      var table =
          new Table(
              Column.whole("NUMBER"),
              Column.whole("AT"),
              Column.whole("KIND"),
              Column.cut("ROLE"),
              Column.cut("WHO"),
              Column.whole("REQUEST"));
      for (var entry : entries) {
        table.add(
            Long.toString(entry.number()),
            // A record is read by everybody's clock.
            Instant.parse(entry.at()).truncatedTo(ChronoUnit.SECONDS).toString(),
            entry.kind(),
            text(entry.role()),
            entry.subject() == null ? "" : text(entry.issuer()) + " " + entry.subject(),
            text(entry.request()));
      }
      return table.lines(screen().width());
    }

    private static String text(@Nullable String value) {
      return value == null ? "" : value;
    }
  }

  @Command(
      name = "export",
      description = "Write the ledger as a file: all of it that the filters leave, or an error.")
  static final class Export extends PeopleCommand {

    private static final Path STANDARD = Path.of("/dev/stdout");

    @Mixin private LedgerFilter filter;

    @Option(
        names = "--format",
        defaultValue = "jsonl",
        paramLabel = "jsonl|csv",
        description = "A JSON object a line (the default), or CSV.")
    private String format;

    @Option(
        names = "--output",
        paramLabel = "FILE",
        description =
            "Where to, instead of standard output; a plain file is only there once it is complete.")
    private @Nullable Path output;

    // picocli fills the annotated fields before the command is called.
    @SuppressWarnings("NullAway.Init")
    Export(Local local, Tools tools) {
      super(local, tools);
    }

    @Override
    int run() {
      if (!format.equals("jsonl") && !format.equals("csv")) {
        throw Failure.usage("--format is jsonl or csv", "daypass audit export --help");
      }
      var api = api();
      var chosen = filter.parameters(this, api);
      var export = new LedgerExport(api, format, chosen);
      try {
        // Opening it anew would write over what a shell has appended to already.
        if (output == null || output.equals(STANDARD)) {
          export.to(this::output);
        } else {
          new ExportFile(output).take(export);
        }
      } catch (IOException e) {
        throw output == null
            // Whoever reads it wanted no more, perhaps; it is not whole all the same.
            ? Failure.of(
                "the export was not taken to its end", "daypass audit export --output ledger.jsonl")
            : Failure.of(
                "the export cannot be written", "look at the disk and at the folder's rights");
      }
      return DONE;
    }
  }

  @Command(
      name = "checkpoint",
      description =
          "Print the newest checkpoint of the ledger, to be kept where nobody who can change the"
              + " ledger can change it too.")
  static final class Newest extends ClientCommand {

    Newest(Local local) {
      super(local);
    }

    @Override
    int run() {
      json(api().get("/v1/ledger/checkpoint", Wire.Checkpoint.class).orFail());
      return DONE;
    }
  }
}

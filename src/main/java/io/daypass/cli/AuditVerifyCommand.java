package io.daypass.cli;

import io.daypass.cli.client.Broker;
import io.daypass.cli.client.Failure;
import io.daypass.cli.client.Local;
import io.daypass.cli.screen.Plain;
import io.daypass.issuer.jose.Attestation;
import io.daypass.web.api.Json;
import io.daypass.web.api.Wire.Checkpoint;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Checks the ledger, or an export of it, and trusts nobody's word for it but its own. */
@Command(
    name = "verify",
    description = "Check that the ledger is whole and as it was written.",
    footer = {
      "",
      "Each entry's bytes must have the digest beside them and say what the entry says. All entries"
          + " up to the newest checkpoint must be those that it is over, and the broker must have"
          + " signed it. The checkpoint is kept on this machine: from the second time on it shows"
          + " that nothing that was there the time before was changed, removed, or had another put"
          + " between. With a filter, or for a file without --checkpoint, only the first of these"
          + " is looked at.",
    })
final class AuditVerifyCommand extends PeopleCommand {

  private static final String EXPORT = "daypass audit export --output ledger.jsonl";

  @Mixin private LedgerFilter filter;

  @Option(
      names = "--file",
      paramLabel = "FILE",
      description = "An export in JSON lines, instead of the broker's ledger.")
  private @Nullable Path file;

  @Option(
      names = "--checkpoint",
      paramLabel = "FILE",
      description =
          "A checkpoint that was kept elsewhere (daypass audit checkpoint), to compare with.")
  private @Nullable Path checkpoint;

  // picocli fills the annotated fields before the command is called.
  @SuppressWarnings("NullAway.Init")
  AuditVerifyCommand(Local local, Tools tools) {
    super(local, tools);
  }

  /** What {@code --json} prints; {@code whole} is how many entries a checkpoint vouches for. */
  private record Verified(boolean ok, long entries, @Nullable Long whole, List<String> findings) {}

  @Override
  int run() {
    var given = Optional.ofNullable(checkpoint).map(AuditVerifyCommand::read);
    if (!filter.isEmpty()) {
      if (file != null) {
        throw Failure.usage("a file is looked at whole, not in parts", "leave the filter out");
      }
      if (given.isPresent()) {
        throw Failure.usage(
            "a checkpoint is over all entries, not over some", "leave the filter out");
      }
      return entriesAlone();
    }
    if (file != null) {
      return given.map(this::ofFile).orElseGet(this::entriesAlone);
    }
    return ofBroker(given);
  }

  private int entriesAlone() {
    var check = new EntryCheck(_ -> {});
    each(check);
    said(check, null, check.findings());
    if (!wantsJson()) {
      print("not shown by this: that no entry is missing, or was written anew with its digest");
    }
    return DONE;
  }

  private int ofFile(Checkpoint given) {
    var whole = new WholeCheck(given, List.of());
    var check = new EntryCheck(whole::entry);
    each(check);
    if (check.findings().isEmpty() && whole.endsBefore()) {
      throw endsBefore(check, given);
    }
    said(check, given, all(check, whole));
    if (!wantsJson()) {
      print("not shown by this: who signed the checkpoint; it is yours to know where you kept it");
    }
    return DONE;
  }

  /**
   * Its end was cut off, or was not there yet when it was made: nobody is suspected, or cleared.
   */
  private Failure endsBefore(EntryCheck check, Checkpoint given) {
    var finding =
        "the export ends with entry %d; the checkpoint of %s goes up to entry %d"
            .formatted(check.last(), given.at(), given.through());
    print(
        wantsJson()
            ? Json.write(new Verified(false, check.count(), null, List.of(finding)))
            : Plain.line(finding));
    return Failure.of(
        "not verified: the export ends before the checkpoint; export again, or take a checkpoint"
            + " first and export after it",
        EXPORT);
  }

  private int ofBroker(Optional<Checkpoint> given) {
    var broker = api().broker().url();
    var keeper = new KeptCheckpoints(local());
    var older = Stream.concat(given.stream(), keeper.find(broker).stream()).toList();
    var newest = newest();
    var whole = new WholeCheck(newest, older);
    var check = new EntryCheck(whole::entry);
    each(check);
    var findings = new ArrayList<>(all(check, whole));
    if (!isSigned(newest)) {
      findings.add("the checkpoint of " + newest.at() + " is not signed by a key of the broker");
    }
    said(check, newest, findings);
    keeper.keep(broker, newest);
    if (!wantsJson()) {
      print(
          older.isEmpty()
              ? List.of(
                  "not shown by this: that nothing was changed before this first check from here")
              : older.stream().map(AuditVerifyCommand::still).toList());
    }
    return DONE;
  }

  private static String still(Checkpoint kept) {
    return "the %d that were there at %s are there still".formatted(kept.size(), kept.at());
  }

  private static List<String> all(EntryCheck check, WholeCheck whole) {
    var findings = new ArrayList<>(check.findings());
    findings.addAll(whole.findings());
    return findings;
  }

  private Checkpoint newest() {
    return api().get("/v1/ledger/checkpoint", Checkpoint.class).orFail().value();
  }

  /** Whether the broker's key is under it, and under just this. */
  private boolean isSigned(Checkpoint newest) {
    var jwks =
        switch (api().broker().send("GET", "/.well-known/jwks.json", null)) {
          case Broker.Answer.Given(var reply) -> reply.body();
          case Broker.Answer.Refused _ -> "";
        };
    return Attestation.text(jwks, io.daypass.ledger.Checkpoint.TYPE, newest.signed())
        .flatMap(io.daypass.ledger.Checkpoint::parse)
        .filter(signed -> signed.size() == newest.size() && signed.root().equals(newest.root()))
        .isPresent();
  }

  private void each(EntryCheck check) {
    try {
      if (file == null) {
        var api = api();
        var chosen = filter.parameters(this, api);
        new LedgerExport(api, "jsonl", chosen).to(text -> text.lines().forEach(check::line));
      } else {
        each(file, check);
      }
    } catch (IOException e) {
      throw Failure.of("the file cannot be read", EXPORT);
    }
  }

  private static void each(Path file, EntryCheck check) throws IOException {
    try (var lines = Files.lines(file)) {
      lines.forEach(check::line);
    } catch (UncheckedIOException e) {
      if (e.getCause() instanceof CharacterCodingException) {
        throw Failure.of(file + " is no text in UTF-8, as exports are", EXPORT);
      }
      throw new IOException(e);
    }
    if (check.foundNone()) {
      throw Failure.of(file + " is no export in JSON lines: it has no entry", EXPORT);
    }
  }

  private static Checkpoint read(Path file) {
    try {
      return Json.read(Files.readString(file), Checkpoint.class)
          .filter(read -> read.root() != null && read.at() != null)
          .orElseThrow(() ->
              Failure.of(
                  file + " holds no checkpoint", "daypass audit checkpoint > checkpoint.json"));
    } catch (IOException e) {
      throw Failure.of(
          "the checkpoint cannot be read", "daypass audit checkpoint > checkpoint.json");
    }
  }

  /** Prints what was found; that something is wrong ends the command. */
  private void said(EntryCheck check, @Nullable Checkpoint over, List<String> findings) {
    var ok = findings.isEmpty();
    if (wantsJson()) {
      var whole = over == null || !ok ? null : over.size();
      print(Json.write(new Verified(ok, check.count(), whole, findings)));
    } else {
      print(findings.stream().map(Plain::line).toList());
    }
    if (!ok) {
      throw Failure.of(
          "of %d entries not all is as it was written".formatted(check.count()),
          "keep an export, and look at who may write to the database");
    }
    if (wantsJson()) {
      return;
    }
    print(
        "ok: " + check.count() + " entries; each one's bytes have its digest and say what it says");
    if (over != null) {
      print(
          "the first %d are whole: just these, by the checkpoint of %s"
              .formatted(over.size(), over.at()));
    }
  }
}

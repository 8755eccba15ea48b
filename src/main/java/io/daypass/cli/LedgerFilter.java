package io.daypass.cli;

import io.daypass.cli.client.Failure;
import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which entries of the ledger. */
final class LedgerFilter {

  @Option(
      names = "--since",
      paramLabel = "TIME",
      description = "Only from then on, such as 2027-01-31T08:00:00Z.")
  private @Nullable String since;

  @Option(names = "--role", paramLabel = "ROLE", description = "Only about this role.")
  private @Nullable String role;

  @Option(
      names = "--caller",
      paramLabel = "SUBJECT",
      description = "Only by this caller; or issuer and subject, with a space between.")
  private @Nullable String caller;

  @Option(
      names = "--kind",
      paramLabel = "KIND",
      description = "Only of this kind, such as request_made, approved, sealed or refused.")
  private @Nullable String kind;

  @Option(
      names = "--request",
      paramLabel = "ID",
      description = "Only about this request; the start of its id is enough.")
  private @Nullable String request;

  /** As the wire names them; null ones are left out. {@code command} finds the request meant. */
  Map<String, @Nullable String> parameters(PeopleCommand command, Api api) {
    var parameters = new HashMap<String, @Nullable String>();
    parameters.put("since", since == null ? null : instant(since));
    parameters.put("role", role == null ? null : Inputs.role(role));
    parameters.put("caller", caller);
    parameters.put("kind", kind);
    parameters.put("request", request == null ? null : Found.id(command, api, request));
    return parameters;
  }

  /** Whether it leaves all entries. */
  boolean isEmpty() {
    return since == null && role == null && caller == null && kind == null && request == null;
  }

  private static String instant(String text) {
    try {
      return OffsetDateTime.parse(text).toInstant().toString();
    } catch (DateTimeException _) {
      throw Failure.usage(
          "--since is a time such as 2027-01-31T08:00:00Z", "daypass audit list --help");
    }
  }
}

package io.daypass.cli;

import io.daypass.cli.client.Broker;
import io.daypass.cli.client.Failure;
import io.daypass.cli.client.Hints;
import io.daypass.cli.client.IdToken;
import io.daypass.cli.client.Local;
import io.daypass.cli.credential.BearerToken;
import io.daypass.cli.credential.Format;
import io.daypass.cli.credential.KubeExec;
import io.daypass.cli.credential.Quick;
import io.daypass.cli.screen.Plain;
import io.daypass.web.api.Json;
import io.daypass.web.api.Wire;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Credentials of Google Cloud, Azure and any OIDC audience, each as its tools take them. */
final class TokenCommands {

  private TokenCommands() {}

  @Command(
      name = "gcp",
      description = "Credentials for Google Cloud.",
      mixinStandardHelpOptions = true)
  static final class Google extends Group {
    Google() {
      super(": daypass gcp token, credentials or config");
    }
  }

  @Command(name = "azure", description = "Tokens for Azure.", mixinStandardHelpOptions = true)
  static final class Azure extends Group {
    Azure() {
      super(": daypass azure token");
    }
  }

  @Command(name = "kube", description = "Credentials for kubectl.", mixinStandardHelpOptions = true)
  static final class Kube extends Group {
    Kube() {
      super(": daypass kube credentials");
    }
  }

  /** Prints what the broker gave for a role, in one format. */
  abstract static class Printing extends ClientCommand {

    @Parameters(paramLabel = "ROLE", description = "the role; daypass roles lists them")
    private String role;

    private final Function<Local, Format> format;

    @SuppressWarnings("NullAway.Init")
    Printing(Local local, Function<Local, Format> format) {
      super(local);
      this.format = format;
    }

    @Override
    int run() {
      return Quick.run(role, format.apply(local()), local(), out(), this::note);
    }
  }

  @Command(name = "token", description = "Print an access token of a role in Google Cloud.")
  static final class GoogleToken extends Printing {
    GoogleToken(Local local) {
      super(local, _ -> BearerToken.GOOGLE);
    }
  }

  @Command(name = "token", description = "Print an access token of a role in Azure.")
  static final class AzureToken extends Printing {
    AzureToken(Local local) {
      super(local, _ -> BearerToken.AZURE);
    }
  }

  @Command(
      name = "token",
      description = "Print a token that Daypass signs for a role's OIDC audience.")
  static final class OidcToken extends Printing {
    OidcToken(Local local) {
      super(local, _ -> BearerToken.OIDC);
    }
  }

  @Command(
      name = "credentials",
      description = "Print a role's token as kubectl takes it from an exec plugin.")
  static final class KubeCredentials extends Printing {
    KubeCredentials(Local local) {
      super(local, KubeExec::new);
    }
  }

  /**
   * What Google's libraries run for the {@code executable} of an external account (AIP-4117): the
   * caller's own token, which they bring to the broker's token endpoint for a token of the role.
   * They read refusals from standard output, and show them as they are.
   */
  @Command(
      name = "credentials",
      description = {
        "Print your own token as Google's libraries take it from an executable.",
        "They bring it to the broker for a token of the role: daypass gcp config ROLE"
            + " prints the file that says so."
      })
  static final class GoogleCredentials extends ClientCommand {

    @Parameters(paramLabel = "ROLE", description = "the role; daypass roles lists them")
    private String role;

    @SuppressWarnings("NullAway.Init")
    GoogleCredentials(Local local) {
      super(local);
    }

    @Override
    int run() {
      print(Json.write(answer()));
      return DONE;
    }

    private Map<String, Object> answer() {
      var answer = new LinkedHashMap<String, Object>();
      answer.put("version", 1);
      try {
        var broker = Broker.of(local());
        checkLive(broker);
        var token = broker.bearer().token();
        var expires =
            IdToken.read(token)
                .flatMap(IdToken::expires)
                .orElseThrow(() -> Failure.of("your token names no end", "daypass login"));
        answer.put("success", true);
        answer.put("token_type", "urn:ietf:params:oauth:token-type:id_token");
        answer.put("id_token", token);
        answer.put("expiration_time", expires.getEpochSecond());
      } catch (Failure failure) {
        answer.put("success", false);
        answer.put("code", failure.exit() == 3 ? "202" : "403");
        answer.put("message", failure.error() + "; " + failure.hint());
      }
      return answer;
    }

    /** A person needs a live grant; a machine's token opens its own when it gets there. */
    private void checkLive(Broker broker) {
      var api = new Api(broker);
      if (api.get("/v1/me", Wire.Me.class).orFail().value().kind().equals("human")
          && latest(api, "approved").isEmpty()) {
        throw latest(api, "pending")
            .map(
                request -> Hints.waiting(role, Plain.line(request.id()), Plain.line(request.url())))
            .orElseGet(() -> Hints.notApproved(broker.url(), role));
      }
    }

    private Optional<Wire.Request> latest(Api api, String state) {
      var asked = Map.of("mine", "true", "role", role, "state", state);
      return api
          .get(Api.path("/v1/requests", asked), Wire.Requests.class)
          .orFail(role)
          .value()
          .requests()
          .stream()
          .findFirst();
    }
  }

  /** The file that Google's libraries and gcloud are given. */
  @Command(
      name = "config",
      description = {
        "Print the external_account file with which Google's libraries and gcloud have a role.",
        "It holds no secret."
      })
  static final class GoogleConfig extends ClientCommand {

    private static final int PATIENCE_MILLIS = 30_000;

    @Parameters(paramLabel = "ROLE", description = "the role; daypass roles lists them")
    private String role;

    @Option(
        names = "--token-file",
        paramLabel = "FILE",
        description = "Read the token from FILE, as pods and pipelines do; else daypass is run.")
    private @Nullable String tokenFile;

    @SuppressWarnings("NullAway.Init")
    GoogleConfig(Local local) {
      super(local);
    }

    @Override
    int run() {
      Inputs.role(role);
      var url = Broker.of(local()).url();
      var account = new LinkedHashMap<String, Object>();
      account.put("type", "external_account");
      account.put("audience", role);
      account.put(
          "subject_token_type",
          tokenFile == null
              ? "urn:ietf:params:oauth:token-type:id_token"
              : "urn:ietf:params:oauth:token-type:jwt");
      account.put("token_url", url.at("/oauth2/token").toString());
      account.put("token_info_url", url.at("/oauth2/introspect").toString());
      account.put("credential_source", source());
      print(Json.write(account));
      if (tokenFile == null) {
        note("Google's libraries run it only with GOOGLE_EXTERNAL_ACCOUNT_ALLOW_EXECUTABLES=1");
      }
      return DONE;
    }

    private Map<String, Object> source() {
      var file = tokenFile;
      return file == null
          ? Map.of("executable", Map.of("command", command(), "timeout_millis", PATIENCE_MILLIS))
          : Map.of("file", file);
    }

    /** Google's libraries cut it at each space, and ask no shell. */
    private String command() {
      var launched = new Launched(local());
      var program = launched.path("Google's libraries", "._-+@:,=%~");
      return launched.atOurBroker(program) + " gcp credentials " + role;
    }
  }
}

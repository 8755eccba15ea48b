package io.daypass.settings;

import io.daypass.document.MappingReader;
import io.daypass.identity.IssuerRules;
import io.daypass.identity.Kind;
import io.daypass.identity.TokenUse;
import io.daypass.identity.TrustedIssuer;
import io.daypass.identity.TrustedIssuer.ClaimNames;
import io.daypass.identity.TrustedIssuer.Preset;
import io.daypass.policy.Durations;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Reads whom the broker believes. */
final class IssuersReader {

  private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9-]{0,31}");
  private static final Duration LONGEST = Duration.ofDays(7);

  /**
   * Claims that say nobody in particular for good: given on to others, chosen by people themselves
   * (OpenID Connect Core 1.0 section 5.7), the same for all, or another in each token.
   */
  private static final Set<String> NOBODY_FOR_GOOD =
      Set.of(
          ("email mail verified_primary_email preferred_username username user_name login upn"
                  + " unique_name userprincipalname samaccountname name nickname given_name"
                  + " family_name phone_number groups roles iss aud azp tid hd idp acr amr typ"
                  + " jti nonce sid uti at_hash auth_time iat exp nbf")
              .split(" ", -1));

  /**
   * Audiences that other services take as theirs: a token that some other service got, or a copy of
   * one that a cloud got, would work here.
   */
  private static final Pattern SHARED =
      Pattern.compile(
          "sts\\.amazonaws\\.com(\\.cn)?|api://AzureADTokenExchange.*"
              + "|(https?://)?kubernetes(\\.default(\\.svc.*)?)?|(https?:)?//iam\\.googleapis\\.com/.*"
              + "|https://github\\.com(/.*)?|sigstore|vault",
          Pattern.CASE_INSENSITIVE);

  private final SecretReader secrets;
  private final Set<String> names = new HashSet<>();
  private final Set<String> urls = new HashSet<>();

  IssuersReader(SecretReader secrets) {
    this.secrets = secrets;
  }

  List<IssuerSettings> read(MappingReader top, Optional<URI> publicUrl) {
    var issuers = new ArrayList<IssuerSettings>();
    top.require("issuers");
    var readers = top.mappings("issuers");
    if (readers.isEmpty()) {
      top.problem("issuers", "no_issuer", "at least one issuer must be believed");
    }
    for (var in : readers) {
      issuer(in, publicUrl).ifPresent(issuers::add);
      in.finish();
    }
    return issuers;
  }

  private Optional<IssuerSettings> issuer(MappingReader in, Optional<URI> publicUrl) {
    var name = in.require("name") ? name(in) : Optional.<String>empty();
    var url = in.require("issuer") ? url(in, publicUrl) : Optional.<String>empty();
    var audience = in.requiredText("audience").flatMap(text -> audience(in, text, url));
    var kind = in.require("kind") ? in.enumOf("kind", Kind.class) : Optional.<Kind>empty();
    var preset = kind.flatMap(k -> preset(in, k));
    var use = in.enumOf("tokens", Tokens.class).map(Tokens::use);
    if (kind.filter(Kind.HUMAN::equals).isPresent()
        && use.filter(TokenUse.SINGLE_USE::equals).isPresent()) {
      // It would not be held: people ask and decide with one sign-in as often as they need.
      in.problem("tokens", "bad_value", "a person's token may come again; leave \"tokens\" out");
    }
    var life = in.parsed("longest-life", this::life, "a duration up to 7d, such as 1h");
    var jwks = Urls.read(in, "jwks-uri");
    var claims = claims(in, kind.orElse(Kind.WORKLOAD));
    var web = in.mapping("web").flatMap(this::web);
    var cli = in.mapping("cli").flatMap(IssuersReader::cli);
    if (web.isPresent() && cli.map(c -> c.clientId().equals(web.get().clientId())).orElse(false)) {
      in.problem(
          "web", "bad_value", "the pages keep a secret, the command line has none: two clients");
    }
    if (kind.filter(Kind.WORKLOAD::equals).isPresent() && (in.has("web") || in.has("cli"))) {
      in.problem("kind", "bad_value", "only people sign in; an issuer of machines has no client");
    }
    if (name.isEmpty() || url.isEmpty() || audience.isEmpty() || preset.isEmpty()) {
      return Optional.empty();
    }
    var who = kind.orElse(Kind.WORKLOAD);
    var longest = life.orElse(usualLife(who, preset.get()));
    var wrong =
        IssuerRules.problems(name.get(), url.get(), audience.get(), longest, jwks.orElse(null));
    wrong.forEach(problem -> in.problem("issuer", "bad_value", problem));
    if (!wrong.isEmpty()) {
      return Optional.empty();
    }
    var trusted =
        new TrustedIssuer(
            name.get(),
            url.get(),
            audience.get(),
            who,
            preset.get(),
            use.orElse(usual(preset.get())),
            longest,
            claims,
            jwks.orElse(null));
    return Optional.of(new IssuerSettings(trusted, web.orElse(null), cli.orElse(null)));
  }

  private Optional<String> name(MappingReader in) {
    var name =
        in.parsed(
            "name",
            text -> Optional.of(text).filter(t -> NAME.matcher(t).matches()),
            "a name such as staff or github-actions");
    if (name.isPresent() && !names.add(name.get())) {
      in.problem("name", "duplicate_name", "another issuer has this name");
    }
    return name;
  }

  private Optional<String> url(MappingReader in, Optional<URI> publicUrl) {
    // Tokens are compared with the text as it stands, byte for byte.
    var url = Urls.read(in, "issuer").map(URI::toString);
    if (url.isPresent() && !urls.add(url.get())) {
      in.problem("issuer", "duplicate_issuer", "the same issuer stands here twice");
    }
    if (url.isPresent() && publicUrl.map(URI::toString).equals(url)) {
      in.problem("issuer", "own_issuer", "the broker does not believe its own tokens");
    }
    return url;
  }

  private static Optional<String> audience(
      MappingReader in, String audience, Optional<String> issuer) {
    if (audience.isBlank() || audience.chars().anyMatch(c -> c <= ' ' || c > '~')) {
      in.problem("audience", "bad_value", "\"audience\" must be printable ASCII without spaces");
      return Optional.empty();
    }
    if (SHARED.matcher(audience).matches() || issuer.filter(audience::equals).isPresent()) {
      in.problem(
          "audience",
          "shared_audience",
          "other services take tokens for this audience as theirs; use one of this deployment's"
              + " own, such as its public URL");
      return Optional.empty();
    }
    return Optional.of(audience);
  }

  private static Optional<Preset> preset(MappingReader in, Kind kind) {
    return switch (kind) {
      case HUMAN -> {
        var preset = in.enumOf("preset", Preset.class);
        if (preset.isPresent() && preset.get() != Preset.GENERIC) {
          in.problem("preset", "bad_value", "presets are for issuers of machines");
        }
        yield Optional.of(Preset.GENERIC);
      }
      case WORKLOAD -> in.require("preset") ? in.enumOf("preset", Preset.class) : Optional.empty();
    };
  }

  private static TokenUse usual(Preset preset) {
    return switch (preset) {
      case GITHUB, GITLAB, BUILDKITE -> TokenUse.SINGLE_USE;
      case KUBERNETES, GENERIC -> TokenUse.REUSABLE;
    };
  }

  private static Duration usualLife(Kind kind, Preset preset) {
    return kind == Kind.HUMAN || preset == Preset.KUBERNETES
        ? Duration.ofHours(24)
        : Duration.ofHours(1);
  }

  private Optional<Duration> life(String text) {
    return Durations.parse(text).filter(life -> life.compareTo(LONGEST) <= 0);
  }

  private static ClaimNames claims(MappingReader in, Kind kind) {
    var people = kind == Kind.HUMAN;
    var claims = in.mapping("claims");
    if (claims.isEmpty()) {
      return people
          ? new ClaimNames("groups", "email", "name", null)
          : new ClaimNames(null, null, null, null);
    }
    var reader = claims.get();
    var names =
        new ClaimNames(
            subject(reader, people).orElse("sub"),
            reader.text("groups").orElse(people ? "groups" : null),
            reader.text("email").orElse(people ? "email" : null),
            reader.text("name").orElse(people ? "name" : null),
            reader.text("person").orElse(null));
    if (Stream.of(names.groups(), names.email(), names.name()).anyMatch(names.subject()::equals)) {
      reader.problem("subject", "bad_value", "\"subject\" must be a claim of its own");
    }
    reader.finish();
    return names;
  }

  private static Optional<String> subject(MappingReader claims, boolean people) {
    var name = claims.text("subject");
    if (name.isPresent() && !people) {
      claims.problem("subject", "bad_value", "only people may be who another claim says");
    } else if (name.filter(IssuersReader::saysNobody).isPresent()) {
      claims.problem(
          "subject",
          "bad_value",
          "\"subject\" must be a claim that the issuer gives one person for good, such as oid; this"
              + " one is given on, chosen, shared or new each time");
    }
    return name;
  }

  private static boolean saysNobody(String claim) {
    return NOBODY_FOR_GOOD.contains(claim.toLowerCase(Locale.ROOT));
  }

  private Optional<IssuerSettings.Web> web(MappingReader in) {
    var id = in.require("client-id") ? in.identifier("client-id") : Optional.<String>empty();
    var secret = secrets.requiredText(in, "client-secret");
    in.finish();
    return id.flatMap(client -> secret.map(s -> new IssuerSettings.Web(client, s)));
  }

  private static Optional<IssuerSettings.Cli> cli(MappingReader in) {
    var id = in.require("client-id") ? in.identifier("client-id") : Optional.<String>empty();
    in.finish();
    return id.map(IssuerSettings.Cli::new);
  }

  /** What an issuer's tokens may be. */
  private enum Tokens {
    SINGLE_USE(TokenUse.SINGLE_USE),
    REUSABLE(TokenUse.REUSABLE);

    private final TokenUse use;

    Tokens(TokenUse use) {
      this.use = use;
    }

    TokenUse use() {
      return use;
    }
  }
}

package io.daypass.settings;

import io.daypass.document.MappingReader;
import io.daypass.notice.NoticeKind;
import io.daypass.settings.NoticeSettings.Account;
import io.daypass.settings.NoticeSettings.Mail;
import io.daypass.settings.NoticeSettings.Relay;
import io.daypass.settings.NoticeSettings.Security;
import io.daypass.settings.NoticeSettings.Slack;
import io.daypass.settings.NoticeSettings.Way;
import io.daypass.settings.NoticeSettings.Webhook;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Reads the channels that people are told over. What one tells of is always spelt out. */
final class NoticesReader {

  private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9-]{0,31}");
  private static final Pattern SERVER =
      Pattern.compile("(smtps?)://(\\[[0-9a-fA-F:.]+\\]|[A-Za-z0-9.-]+):([0-9]{1,5})");
  // RFC 5322's atoms: no name beside it, no quotes, no comment.
  private static final Pattern ADDRESS =
      Pattern.compile(
          "[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
              + "@[A-Za-z0-9-]+(?:\\.[A-Za-z0-9-]+)*");
  private static final int LONGEST_ADDRESS = 254;
  private static final int MOST_CHANNELS = 16;
  private static final int MOST_ADDRESSES = 20;
  private static final List<String> WAYS = List.of("slack", "webhook", "mail");

  private final SecretReader secrets;
  private final Path folder;
  private final Set<String> names = new HashSet<>();

  NoticesReader(SecretReader secrets, Path folder) {
    this.secrets = secrets;
    this.folder = folder;
  }

  List<NoticeSettings> read(MappingReader top) {
    var channels = new ArrayList<NoticeSettings>();
    var readers = top.mappings("notices");
    if (readers.size() > MOST_CHANNELS) {
      top.problem("notices", "bad_value", "at most " + MOST_CHANNELS + " channels are served");
    }
    for (var in : readers) {
      channel(in).ifPresent(channels::add);
      in.finish();
    }
    return channels;
  }

  private Optional<NoticeSettings> channel(MappingReader in) {
    var name = in.require("name") ? name(in) : Optional.<String>empty();
    var of = in.require("of") ? kinds(in) : Set.<NoticeKind>of();
    var way = way(in);
    return name.isEmpty() || of.isEmpty()
        ? Optional.empty()
        : way.map(found -> new NoticeSettings(name.get(), of, found));
  }

  private Optional<String> name(MappingReader in) {
    var name = in.parsed("name", text -> filtered(text, NAME), "a name such as leads-channel");
    if (name.isPresent() && !names.add(name.get())) {
      in.problem("name", "duplicate_name", "another channel has this name");
    }
    return name;
  }

  private static Set<NoticeKind> kinds(MappingReader in) {
    var kinds = EnumSet.noneOf(NoticeKind.class);
    var texts = in.texts("of");
    for (var text : texts) {
      var kind = NoticeKind.of(text);
      if (kind.isEmpty()) {
        var all =
            Arrays.stream(NoticeKind.values())
                .map(NoticeKind::code)
                .collect(Collectors.joining(", "));
        in.problem("of", "bad_value", "\"" + text + "\" is nothing to tell of; there is " + all);
      } else if (!kinds.add(kind.get())) {
        in.problem("of", "bad_value", "\"" + text + "\" stands here twice");
      }
    }
    if (texts.isEmpty()) {
      in.problem("of", "bad_value", "\"of\" says what the channel tells of, one at least");
    }
    return kinds;
  }

  private Optional<Way> way(MappingReader in) {
    var given = WAYS.stream().filter(in::has).toList();
    if (given.size() != 1) {
      in.problem("missing_key", "a channel is one of slack, webhook, mail");
    }
    var slack = in.mapping("slack").flatMap(this::slack);
    var webhook = in.mapping("webhook").flatMap(this::webhook);
    var mail = in.mapping("mail").flatMap(this::mail);
    return slack.<Way>map(way -> way).or(() -> webhook).or(() -> mail);
  }

  private Optional<Slack> slack(MappingReader in) {
    var url = secrets.requiredText(in, "url");
    in.finish();
    if (url.isPresent() && Urls.safe(url.get().reveal()).isEmpty()) {
      // The URL is a secret: it is not said what is wrong with it.
      in.problem(
          in.has("url") ? "url" : "url-file",
          "bad_secret",
          "the secret must be an https URL (http on loopback), as Slack gives it");
      return Optional.empty();
    }
    return url.map(Slack::new);
  }

  private Optional<Webhook> webhook(MappingReader in) {
    var url = in.require("url") ? Urls.read(in, "url") : Optional.<URI>empty();
    var secret = secrets.requiredText(in, "secret").filter(given -> isKey(in, given));
    var ca = CaFile.read(in, folder);
    in.finish();
    return url.flatMap(to -> secret.map(key -> new Webhook(to, key, ca.orElse(null))));
  }

  private static boolean isKey(MappingReader in, Hidden secret) {
    var text = secret.reveal();
    try {
      var bytes =
          text.startsWith("whsec_") ? Base64.getDecoder().decode(text.substring(6)).length : 0;
      if (bytes >= 24 && bytes <= 64) {
        return true;
      }
    } catch (IllegalArgumentException _) {
      // Said below.
    }
    in.problem(
        in.has("secret") ? "secret" : "secret-file",
        "bad_secret",
        "the secret must be whsec_ and 24 to 64 random bytes in base64"
            + " (echo whsec_$(openssl rand -base64 32))");
    return false;
  }

  private Optional<Mail> mail(MappingReader in) {
    var relay =
        in.require("server")
            ? in.parsed(
                "server",
                NoticesReader::relay,
                "smtps://host:465, or smtp://host:587, where STARTTLS is required")
            : Optional.<Relay>empty();
    var from = in.require("from") ? address(in) : Optional.<String>empty();
    var to = in.require("to") ? addresses(in) : List.<String>of();
    var account = account(in);
    var ca = CaFile.read(in, folder);
    in.finish();
    return to.isEmpty()
        ? Optional.empty()
        : relay.flatMap(over ->
            from.map(sender -> new Mail(over, account.orElse(null), sender, to, ca.orElse(null))));
  }

  private static Optional<Relay> relay(String text) {
    var matcher = SERVER.matcher(text);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    var host = matcher.group(2).replaceAll("[\\[\\]]", "");
    var port = Integer.parseInt(matcher.group(3));
    var clear = matcher.group(1).equals("smtp");
    var security = clear ? Urls.isLoopback(host) ? Security.NONE : Security.STARTTLS : Security.TLS;
    return port < 1 || port > 65_535
        ? Optional.empty()
        : Optional.of(new Relay(host, port, security));
  }

  private Optional<Account> account(MappingReader in) {
    var user = in.identifier("user");
    var password = secrets.text(in, "password");
    var named = in.has("user");
    var proved = in.has("password") || in.has("password-file");
    if (named != proved) {
      in.problem(
          named ? "user" : "password", "missing_key", "\"user\" and \"password\" belong together");
    }
    return user.flatMap(name -> password.map(secret -> new Account(name, secret)));
  }

  private static Optional<String> address(MappingReader in) {
    return in.parsed("from", NoticesReader::checked, "a mail address such as daypass@example.com");
  }

  private static List<String> addresses(MappingReader in) {
    var addresses = in.texts("to");
    if (addresses.isEmpty()
        || addresses.size() > MOST_ADDRESSES
        || new HashSet<>(addresses).size() < addresses.size()
        || !addresses.stream().allMatch(address -> checked(address).isPresent())) {
      in.problem(
          "to",
          "bad_value",
          "\"to\" must be 1 to " + MOST_ADDRESSES + " different mail addresses, without names");
      return List.of();
    }
    return addresses;
  }

  private static Optional<String> checked(String address) {
    return filtered(address, ADDRESS).filter(text -> text.length() <= LONGEST_ADDRESS);
  }

  private static Optional<String> filtered(String text, Pattern pattern) {
    return Optional.of(text).filter(pattern.asMatchPredicate());
  }
}

package io.daypass.cli.client;

import io.daypass.cli.client.Http.Reply;
import io.daypass.cli.client.Http.UnreachableException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The broker, called with the caller's token. */
public final class Broker {

  private final BrokerUrl url;
  private final Tokens tokens;
  private final String remedy;

  /**
   * The broker at {@code url}.
   *
   * @param remedy what to do if there is none
   */
  public Broker(BrokerUrl url, Tokens tokens, String remedy) {
    this.url = url;
    this.tokens = tokens;
    this.remedy = remedy;
  }

  /** The broker that is set, and whoever is signed in to it. */
  public static Broker of(Local local) {
    var config = new Config(local);
    var url = config.broker();
    return new Broker(url, new Tokens(local, url), config.remedy());
  }

  public BrokerUrl url() {
    return url;
  }

  /** What to do if it is no broker that answers at {@link #url}. */
  public String remedy() {
    return remedy;
  }

  public Bearer bearer() {
    return tokens.bearer();
  }

  /** What a call came to. */
  public sealed interface Answer {

    /**
     * What the broker gave; its no ends in what {@code failure} makes of it. For the commands that
     * must be quick: a switch over types takes 20 ms at its first use.
     */
    Reply orThrow(Function<Refused, Failure> failure);

    /** 2xx. */
    record Given(Reply reply) implements Answer {
      @Override
      public Reply orThrow(Function<Refused, Failure> failure) {
        return reply;
      }
    }

    /** The broker says no. */
    record Refused(Refusal refusal, Bearer bearer) implements Answer {
      @Override
      public Reply orThrow(Function<Refused, Failure> failure) {
        throw failure.apply(this);
      }
    }
  }

  /**
   * Calls the broker as whoever is signed in; being signed out, or a broker that cannot be reached,
   * is the end of the command.
   *
   * @param json the body; null sends none
   */
  public Answer send(String method, String path, @Nullable String json) {
    return send(method, path, json, Map.of());
  }

  /** The same with more headers. */
  public Answer send(String method, String path, @Nullable String json, Map<String, String> more) {
    return send(tokens.bearer(), method, path, json, more);
  }

  /** The same with a token that was had before; it is renewed if the broker's clock is ahead. */
  public Answer send(
      Bearer bearer, String method, String path, @Nullable String json, Map<String, String> more) {
    var answer = once(bearer, method, path, json, more);
    if (answer instanceof Answer.Refused(var refusal, _)
        && refusal.code().equals("token_expired")) {
      var renewed = tokens.renewed(bearer);
      return renewed.token().equals(bearer.token())
          ? answer
          : once(renewed, method, path, json, more);
    }
    return answer;
  }

  /**
   * Takes a quick look at something: what was found, or empty where there is nothing to see at
   * once. No token is renewed for it.
   */
  public Optional<Reply> glance(Bearer bearer, String path) {
    var headers = Map.of("Authorization", "Bearer " + bearer.token(), "Accept", "application/json");
    try {
      var reply = Http.send("GET", url.at(path), headers, null, Http.Patience.BRIEF);
      return reply.status() == 200 ? Optional.of(reply) : Optional.empty();
    } catch (UnreachableException _) {
      return Optional.empty();
    }
  }

  private Answer once(
      Bearer bearer, String method, String path, @Nullable String json, Map<String, String> more) {
    var headers = new HashMap<>(more);
    headers.put("Authorization", "Bearer " + bearer.token());
    headers.putIfAbsent("Accept", "application/json");
    if (json != null) {
      headers.put("Content-Type", "application/json");
    }
    try {
      var reply = Http.send(method, url.at(path), headers, json);
      if (reply.status() >= 200 && reply.status() < 300) {
        return new Answer.Given(reply);
      }
      endAtProxy(url, reply);
      return new Answer.Refused(Refusal.of(reply, remedy), bearer);
    } catch (UnreachableException e) {
      throw unreachable(url, e);
    }
  }

  /** The end of a command where a proxy answers that it cannot reach the broker. */
  public static void endAtProxy(BrokerUrl url, Reply reply) {
    if (Refusal.of(reply, "").isOfProxy()) {
      throw Failure.passing(
          "the broker at "
              + url
              + " cannot be reached: a proxy before it answered "
              + reply.status(),
          "try again in a moment");
    }
  }

  /** The end of a command for which the broker is needed. */
  public static Failure unreachable(BrokerUrl url, UnreachableException e) {
    return Failure.passing(
        "the broker at " + url + " cannot be reached: " + e.why(),
        "look at the network and at the address, then try again: curl " + url + "/healthz");
  }
}

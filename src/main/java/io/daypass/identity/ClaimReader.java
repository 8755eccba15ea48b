package io.daypass.identity;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads claims by their JSON type and keeps the first reason to refuse them. What is returned means
 * nothing once there is a {@link #refusal}. A JSON null is a wrong type, never an absent claim.
 */
final class ClaimReader {

  /** 9999-12-31T23:59:59Z: what calendars and the database can follow. */
  private static final long LATEST = 253_402_300_799L;

  private final Map<String, @Nullable Object> claims;
  private final Refusals refusals;

  ClaimReader(Map<String, @Nullable Object> claims) {
    this(claims, new Refusals());
  }

  private ClaimReader(Map<String, @Nullable Object> claims, Refusals refusals) {
    this.claims = claims;
    this.refusals = refusals;
  }

  @Nullable Rejection refusal() {
    return refusals.first;
  }

  void refuse(Rejection reason) {
    if (refusals.first == null) {
      refusals.first = reason;
    }
  }

  boolean has(String name) {
    return claims.containsKey(name);
  }

  /** A string that says something, or null if the claim is absent. */
  @Nullable String text(String name) {
    var text = anyText(name);
    if (text != null && Texts.isBlank(text)) {
      refuse(Rejection.CLAIM_EMPTY);
    }
    return text;
  }

  /** A string, which may be empty, or null if the claim is absent. */
  @Nullable String anyText(String name) {
    if (claims.get(name) instanceof String text) {
      return text;
    }
    refuseIfThere(name);
    return null;
  }

  String requiredText(String name) {
    var text = text(name);
    return text == null ? missing("") : text;
  }

  @Nullable Instant time(String name) {
    if (claims.get(name) instanceof Long seconds) {
      if (seconds < 0 || seconds > LATEST) {
        refuse(Rejection.CLAIM_WRONG_TYPE);
        return null;
      }
      return Instant.ofEpochSecond(seconds);
    }
    refuseIfThere(name);
    return null;
  }

  Instant requiredTime(String name) {
    var time = time(name);
    return time == null ? missing(Instant.EPOCH) : time;
  }

  @Nullable Boolean flag(String name) {
    if (claims.get(name) instanceof Boolean flag) {
      return flag;
    }
    refuseIfThere(name);
    return null;
  }

  /** An array of strings that all say something; empty if the claim is absent. */
  List<String> texts(String name) {
    if (claims.get(name) instanceof List<?> values) {
      return onlyTexts(values);
    }
    refuseIfThere(name);
    return List.of();
  }

  /** A string or an array of at least one (RFC 7519 section 4.1.3), as {@code aud} may be. */
  List<String> requiredTextOrTexts(String name) {
    if (claims.get(name) instanceof List<?> values) {
      if (values.isEmpty()) {
        refuse(Rejection.CLAIM_EMPTY);
      }
      return onlyTexts(values);
    }
    return List.of(requiredText(name));
  }

  /** The members of an object; nothing if the claim is absent. */
  ClaimReader object(String name) {
    if (claims.get(name) instanceof Map<?, ?> members) {
      var copy = new LinkedHashMap<String, @Nullable Object>();
      members.forEach((key, value) -> copy.put(String.valueOf(key), value));
      return new ClaimReader(copy, refusals);
    }
    refuseIfThere(name);
    return new ClaimReader(Map.of(), refusals);
  }

  private List<String> onlyTexts(List<?> values) {
    var texts = new ArrayList<String>(values.size());
    for (var value : values) {
      if (!(value instanceof String text)) {
        refuse(Rejection.CLAIM_WRONG_TYPE);
      } else if (Texts.isBlank(text)) {
        refuse(Rejection.CLAIM_EMPTY);
      } else {
        texts.add(text);
      }
    }
    return texts;
  }

  /** A claim that is not of the type that is wanted must be absent. */
  private void refuseIfThere(String name) {
    if (has(name)) {
      refuse(Rejection.CLAIM_WRONG_TYPE);
    }
  }

  private <T> T missing(T placeholder) {
    refuse(Rejection.CLAIM_MISSING);
    return placeholder;
  }

  private static final class Refusals {
    private @Nullable Rejection first;
  }
}

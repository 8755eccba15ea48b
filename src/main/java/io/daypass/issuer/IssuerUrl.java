package io.daypass.issuer;

import java.util.regex.Pattern;

/**
 * The public URL of this deployment, and so the {@code iss} of all it signs, byte for byte what the
 * clouds were told. No query and no fragment (OpenID Connect Discovery 1.0, section 3; IAM takes
 * none either).
 */
public record IssuerUrl(String value) {

  // No character that JSON or a header would have to escape.
  private static final Pattern SHAPE =
      Pattern.compile("https?://[A-Za-z0-9.\\-\\[\\]:]{1,200}(?:/[A-Za-z0-9._~\\-/]{0,200})?");

  public IssuerUrl {
    if (!SHAPE.matcher(value).matches()) {
      throw new IllegalArgumentException("not a URL that can name an issuer");
    }
  }

  /** The URL of {@code path} below this one. */
  public String at(String path) {
    return (value.endsWith("/") ? value.substring(0, value.length() - 1) : value) + path;
  }

  @Override
  public String toString() {
    return value;
  }
}

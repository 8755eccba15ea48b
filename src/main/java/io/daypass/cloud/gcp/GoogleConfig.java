package io.daypass.cloud.gcp;

import io.daypass.cloud.wire.EndpointUrl;
import io.daypass.cloud.wire.Limits;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/**
 * What minting in Google Cloud must be told. Everything the library would otherwise look up in its
 * surroundings is here or fixed.
 */
public record GoogleConfig(Endpoints endpoints, Limits limits) {

  /** Where Google is for everybody. */
  public static final GoogleConfig STANDARD = new GoogleConfig(Endpoints.NONE, Limits.STANDARD);

  /**
   * Edits of a policy are tried more often: whoever else edits it has it begin anew, and nothing
   * was written then.
   */
  static Limits forEdits(Limits usual) {
    return new Limits(
        usual.total(),
        usual.connect(),
        usual.attempt(),
        2 * usual.attempts(),
        usual.backoff(),
        usual.concurrent(),
        usual.breakAfter(),
        usual.breakFor());
  }

  /** Where to find Google, if not where it is for everybody; null for there. */
  public record Endpoints(
      @Nullable URI sts, @Nullable URI iamCredentials, @Nullable URI resourceManager) {

    public static final Endpoints NONE = new Endpoints(null, null, null);

    public Endpoints {
      EndpointUrl.check(sts);
      EndpointUrl.check(iamCredentials);
      EndpointUrl.check(resourceManager);
    }

    /** The address of {@code call}, whose own is Google's. */
    URI of(GoogleCall call) {
      var told =
          switch (call.service()) {
            case STS -> sts;
            case IAM_CREDENTIALS -> iamCredentials;
            case RESOURCE_MANAGER -> resourceManager;
          };
      var base = told == null ? call.service().usual() : told.toString();
      return URI.create(
          (base.endsWith("/") ? base.substring(0, base.length() - 1) : base) + call.path());
    }
  }
}

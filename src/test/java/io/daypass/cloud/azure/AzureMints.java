package io.daypass.cloud.azure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.daypass.cloud.Credential.AzureToken;
import io.daypass.cloud.MintException;
import io.daypass.cloud.MintException.Reason;
import io.daypass.ledger.RecordedGrant;
import io.daypass.sandbox.EntraLies;
import io.daypass.sandbox.azure.AzureStandIn;
import io.daypass.sandbox.http.Fault;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;

/** A strict Azure, and a cloud that mints there. */
abstract class AzureMints {

  static final Duration TEN = Duration.ofMinutes(10);
  static final String FIRST = AzureStandIn.storageIdentities().get(0);
  static final String SECOND = AzureStandIn.storageIdentities().get(1);
  final AzureBench bench = new AzureBench();

  @AfterEach
  void close() {
    bench.close();
  }

  AzureToken storage(String who) throws MintException {
    return bench.mint(bench.storage(bench.request(who, TEN)));
  }

  void refused(Reason reason, RecordedGrant grant) {
    refused(reason, bench.cloud, grant);
  }

  static void refused(Reason reason, AzureCloud cloud, RecordedGrant grant) {
    failure(reason, cloud, grant);
  }

  /** Refused when Entra had given a token, which the ledger must not deny. */
  void refusedAfterToken(Reason reason, RecordedGrant grant) {
    assertThat(failure(reason, bench.cloud, grant).mayExist()).isTrue();
  }

  /** Refused before Entra gave anything. */
  void refusedBeforeToken(Reason reason, RecordedGrant grant) {
    assertThat(failure(reason, bench.cloud, grant).mayExist()).isFalse();
  }

  private static MintException failure(Reason reason, AzureCloud cloud, RecordedGrant grant) {
    var failure = catchThrowableOfType(MintException.class, () -> cloud.mint(grant));
    assertThat(failure).isNotNull();
    assertThat(failure.reason()).isEqualTo(reason);
    return failure;
  }

  static Fault lying(Consumer<JsonObject> lie) {
    return EntraLies.of(lie);
  }
}

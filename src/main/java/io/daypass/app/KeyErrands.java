package io.daypass.app;

import io.daypass.cli.Operator.Outcome;
import io.daypass.issuer.MasterKeyExchange;
import io.daypass.issuer.Rotation;
import io.daypass.issuer.WrongMasterKeyException;
import io.daypass.issuer.jose.CryptoProvider;
import io.daypass.policy.Durations;
import io.daypass.postgres.Database;
import io.daypass.postgres.Migrations;
import io.daypass.postgres.Patience;
import io.daypass.postgres.PostgresKeys;
import io.daypass.request.StoreUnavailableException;
import io.daypass.settings.Settings;
import io.vertx.core.Vertx;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/** What an operator has done to the keys that Daypass signs with. */
final class KeyErrands {

  private final Settings settings;
  private final SecureRandom random = new SecureRandom();

  KeyErrands(Settings settings) {
    this.settings = settings;
  }

  /** Successors to the keys in use. */
  Outcome rotate() {
    var vertx = Vertx.vertx();
    try {
      var stores = Stores.open(vertx, settings, new RandomIds(random), InstantSource.system());
      stores.clock().measure();
      var smith = Signing.smith(settings, CryptoProvider.fastest(), random);
      if (!new MasterKeyExchange(stores.keys(), smith).look().due().isEmpty()) {
        // Else there would be keys under either: who has but one of them would have half.
        return new Outcome.Failed(
            List.of("signing keys are wrapped by previous-master-key"),
            "run \"daypass keys rewrap\" first");
      }
      var added = Signing.keys(settings, stores.keys(), smith, stores.clock()).rotate();
      stores.database().close();
      return new Outcome.Done(
          added.isEmpty()
              ? List.of("successors are waiting already; they take over by themselves")
              : added.stream()
                  .map(kid ->
                      "added " + kid + ", in use in " + Durations.show(Rotation.STANDARD.lead()))
                  .toList());
    } catch (StoreUnavailableException e) {
      return Unanswered.failed(e, Doctor.CHECK_DATABASE);
    } catch (WrongMasterKeyException e) {
      return new Outcome.Failed(List.of(Signing.WRONG_KEY), Signing.NAME_KEY);
    } finally {
      vertx.close().toCompletionStage().toCompletableFuture().join();
    }
  }

  /** The keys that there are, from the previous master key to the one in use. */
  Outcome rewrap() {
    var owner = settings.database().owner();
    if (owner == null) {
      return new Outcome.Failed(
          List.of("keys are wrapped anew by the owner of the tables, who is not named"),
          "set database.owner-url and its password");
    }
    if (settings.previousMasterKey() == null) {
      return new Outcome.Failed(
          List.of("previous-master-key is not set: there is nothing to exchange"),
          "name the new master key in master-key and the old one in previous-master-key");
    }
    var vertx = Vertx.vertx();
    try (var database = Database.open(vertx, Addresses.of(owner), 1, Patience.COMMAND)) {
      if (Migrations.look(database) == Migrations.Schema.BEHIND) {
        throw Migrations.behind();
      }
      var smith = Signing.smith(settings, CryptoProvider.fastest(), random);
      return told(new MasterKeyExchange(new PostgresKeys(database), smith).run());
    } catch (StoreUnavailableException e) {
      return Unanswered.failed(
          e,
          "check database.owner-url, that it names the tables' owner, its password and its TLS, and"
              + " run \"daypass migrate\" if the tables are missing; to run this again does no harm");
    } finally {
      vertx.close().toCompletionStage().toCompletableFuture().join();
    }
  }

  private static Outcome told(MasterKeyExchange.Outcome outcome) {
    return switch (outcome) {
      case MasterKeyExchange.Outcome.Done done -> new Outcome.Done(lines(done));
      case MasterKeyExchange.Outcome.Unopened(var kids) ->
          new Outcome.Failed(
              kids.stream()
                  .map(kid -> "the key " + kid + " opens with no master key that is set")
                  .toList(),
              Signing.NAME_KEY_OR_DELETE);
      case MasterKeyExchange.Outcome.Changing _ ->
          new Outcome.Failed(
              List.of("somebody else changes the signing keys all the time"), "run it again");
    };
  }

  private static List<String> lines(MasterKeyExchange.Outcome.Done done) {
    var known = done.known();
    if (done.kids().isEmpty()) {
      return List.of(
          "nothing was changed: all " + known + " signing keys are wrapped by master-key already",
          Signing.NONE_IS_UNDER_PREVIOUS);
    }
    var lines = new ArrayList<String>();
    done.kids().forEach(kid -> lines.add("wrapped by master-key: " + kid));
    lines.add("all " + known + " signing keys are wrapped by master-key now");
    lines.add("take previous-master-key out of the settings of every replica");
    return lines;
  }
}

package io.daypass;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.type;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import io.daypass.cloud.Secret;
import io.daypass.ledger.LedgerStore;
import io.daypass.request.RequestStore;
import java.io.ObjectInputStream;
import java.time.Clock;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;
import java.util.UUID;

/** The folder tree, as rules: who may know whom, and what nobody may do. */
@AnalyzeClasses(packages = "io.daypass", importOptions = DoNotIncludeTests.class)
final class ArchitectureTest {

  @ArchTest static final ArchRule identity_knows_nobody = mayKnow("identity");

  @ArchTest static final ArchRule policy_knows = mayKnow("policy", "identity");

  @ArchTest static final ArchRule request_knows = mayKnow("request", "policy", "identity");

  @ArchTest static final ArchRule ledger_knows = mayKnow("ledger", "request", "policy", "identity");

  @ArchTest
  static final ArchRule cloud_knows =
      mayKnow("cloud", "lease", "ledger", "request", "policy", "identity");

  @ArchTest
  static final ArchRule issuance_knows =
      mayKnow("issuance", "cloud", "ledger", "request", "policy", "identity");

  @ArchTest static final ArchRule lease_knows_nobody = mayKnow("lease");

  @ArchTest
  static final ArchRule notice_knows = mayKnow("notice", "lease", "request", "policy", "identity");

  @ArchTest
  static final ArchRule one_medium_knows_no_other =
      slices().matching("io.daypass.notice.(*)..").should().notDependOnEachOther();

  @ArchTest
  static final ArchRule mail_is_its_librarys_home =
      livesIn(List.of("jakarta.mail..", "org.eclipse.angus.."), "io.daypass.notice.mail..");

  @ArchTest static final ArchRule issuer_knows_nobody = mayKnow("issuer");

  @ArchTest
  static final ArchRule postgres_knows_ports_only =
      noClasses()
          .that()
          .resideInAPackage("io.daypass.postgres..")
          .should()
          .dependOnClassesThat(
              resideInAnyPackage(
                  "io.daypass.web..",
                  "io.daypass.app..",
                  "io.daypass.cli..",
                  "io.daypass.issuance..",
                  "io.daypass.settings..",
                  "io.daypass.cloud.*..",
                  "io.daypass.notice.*..",
                  "io.daypass.policy.*..",
                  "io.daypass.identity.*.."));

  @ArchTest
  static final ArchRule a_port_does_not_know_its_adapters =
      noClasses()
          .that()
          .resideInAPackage("io.daypass.*")
          .and()
          .resideOutsideOfPackages("io.daypass.app", "io.daypass.cli", "io.daypass.web")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("io.daypass.*.*..");

  @ArchTest
  static final ArchRule there_are_no_cycles =
      slices().matching("io.daypass.(**)").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule the_web_is_http_serving_s_home =
      livesIn("io.vertx.core.http..", "io.daypass.web..");

  @ArchTest
  static final ArchRule postgres_is_its_drivers_home =
      livesIn(
          List.of(
              "io.vertx.pgclient..", "io.vertx.sqlclient..", "org.flywaydb..", "org.postgresql.."),
          "io.daypass.postgres..");

  @ArchTest
  static final ArchRule tokens_are_nimbus_home =
      livesIn("com.nimbusds..", "io.daypass.identity.oidc..", "io.daypass.issuer.jose..");

  @ArchTest
  static final ArchRule conditions_are_cels_home = livesIn("dev.cel..", "io.daypass.policy.yaml..");

  @ArchTest
  static final ArchRule documents_are_yamls_home =
      livesIn(List.of("com.fasterxml.jackson.dataformat..", "org.yaml.."), "io.daypass.document..");

  @ArchTest
  static final ArchRule aws_is_the_aws_sdks_home =
      livesIn("software.amazon.awssdk..", "io.daypass.cloud.aws..");

  @ArchTest
  static final ArchRule gcp_is_googles_librarys_home =
      livesIn(
          List.of("com.google.auth..", "com.google.api..", "com.google.gson.."),
          "io.daypass.cloud.gcp..");

  @ArchTest
  static final ArchRule the_wire_is_the_gates_home =
      livesIn(List.of("io.github.resilience4j..", "org.apache.hc.."), "io.daypass.cloud.wire..");

  @ArchTest
  static final ArchRule one_cloud_knows_no_other =
      slices()
          .matching("io.daypass.cloud.(*)..")
          .should()
          .notDependOnEachOther()
          .ignoreDependency(
              resideInAPackage("io.daypass.cloud.."), resideInAPackage("io.daypass.cloud.wire"));

  @ArchTest
  static final ArchRule azure_is_the_azure_sdks_home =
      livesIn(
          List.of("com.azure..", "com.microsoft.aad..", "reactor.."), "io.daypass.cloud.azure..");

  @ArchTest
  static final ArchRule the_terminal_is_picoclis_home = livesIn("picocli..", "io.daypass.cli..");

  /** The launcher gives the commands of SDKs no other library. */
  @ArchTest
  static final ArchRule what_sdks_run_needs_one_library =
      classes()
          .that()
          .resideInAnyPackage("io.daypass.cli.client", "io.daypass.cli.credential")
          .should()
          .onlyDependOnClassesThat(
              resideInAnyPackage(
                      "io.daypass.cli.client",
                      "io.daypass.cli.credential",
                      "com.fasterxml.jackson.core..",
                      "org.jspecify..",
                      "java..",
                      "javax..")
                  .or(type(Secret.class)));

  @ArchTest
  static final ArchRule pages_are_their_templates_home =
      livesIn("gg.jte..", "io.daypass.web.pages..");

  @ArchTest
  static final ArchRule nobody_knows_the_pages_but_who_builds_them_in =
      livesIn("io.daypass.web.pages..", "io.daypass.web.pages..", "io.daypass.app..");

  @ArchTest
  static final ArchRule only_the_approval_desk_votes =
      noClasses()
          .that()
          .resideOutsideOfPackages("io.daypass.postgres")
          .and()
          .doNotHaveFullyQualifiedName("io.daypass.request.ApprovalDesk")
          .should()
          .callMethod(RequestStore.class, "vote", RequestStore.Vote.class);

  @ArchTest
  static final ArchRule time_is_asked_of_a_clock =
      noClasses()
          .should()
          .callMethod(Instant.class, "now")
          .orShould()
          .callMethod(System.class, "currentTimeMillis");

  @ArchTest
  static final ArchRule clocks_are_made_where_it_starts =
      noClasses()
          .that(not(resideInAnyPackage("io.daypass", "io.daypass.app..")))
          .should()
          .callMethod(InstantSource.class, "system")
          .orShould()
          .callMethod(Clock.class, "systemUTC");

  @ArchTest
  static final ArchRule ids_are_asked_of_a_supplier =
      noClasses()
          .that(not(resideInAPackage("io.daypass.app..")))
          .should()
          .callMethod(UUID.class, "randomUUID");

  @ArchTest
  static final ArchRule the_only_ledger_is_the_database_s =
      classes()
          .that()
          .implement(LedgerStore.class)
          .should()
          .haveFullyQualifiedName("io.daypass.postgres.PostgresLedger");

  /** What is called is written here, and comes in no name from outside. */
  @ArchTest
  static final ArchRule nothing_is_called_by_its_name =
      noClasses()
          .that()
          // A signal has no other way in, and its name is ours.
          .haveNameNotMatching(
              "io\\.daypass\\.(app\\.ProcessSignals|cli\\.child\\.Signals)(\\$.*)?")
          .should()
          .dependOnClassesThat(
              resideInAPackage("java.lang.reflect..")
                  .or(type(ObjectInputStream.class))
                  .or(type(ServiceLoader.class)))
          .orShould()
          .callMethod(Class.class, "forName", String.class);

  /**
   * Classes directly in {@code name} use the JDK, logging, a cache and the listed packages only.
   */
  private static ArchRule mayKnow(String name, String... others) {
    var allowed =
        new ArrayList<>(
            List.of(
                "java..",
                "org.jspecify..",
                "org.slf4j..",
                "com.github.benmanes.caffeine..",
                "io.daypass." + name));
    for (var other : others) {
      allowed.add("io.daypass." + other);
    }
    return classes()
        .that()
        .resideInAPackage("io.daypass." + name)
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(allowed.toArray(String[]::new));
  }

  private static ArchRule livesIn(String library, String... homes) {
    return livesIn(List.of(library), homes);
  }

  private static ArchRule livesIn(List<String> library, String... homes) {
    return noClasses()
        .that(not(resideInAnyPackage(homes)))
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(library.toArray(String[]::new));
  }
}

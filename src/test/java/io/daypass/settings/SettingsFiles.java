package io.daypass.settings;

import io.daypass.document.Place;
import io.daypass.document.Problem;
import io.daypass.policy.Condition;
import io.daypass.policy.yaml.Conditions;
import io.netty.pkitesting.CertificateBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A file of settings with the files beside it, and what is read of it. */
abstract class SettingsFiles {

  static final String GOOD =
      """
      public-url: https://daypass.example.com
      listen: 127.0.0.1:8080
      database:
        url: postgresql://daypass@db1:5432,db2/daypass
        password-file: db
      master-key-file: master.key
      policies: policies
      issuers:
        - name: staff
          issuer: https://login.example.com/realms/acme
          audience: daypass
          kind: human
          web: { client-id: daypass-web, client-secret-file: oidc }
          cli: { client-id: daypass-cli }
        - name: github
          issuer: https://token.actions.githubusercontent.com
          audience: https://daypass.example.com
          kind: workload
          preset: github
      auditors: '"security" in groups'
      administrators: '"platform" in groups'
      """;

  @TempDir Path folder;

  String password = "";

  @BeforeEach
  void files() throws IOException {
    Files.createDirectory(folder.resolve("policies"));
    password = "p" + new Random().nextInt(1_000_000_000);
    secret("db", password + "\n");
    secret("oidc", "s" + password);
    secret("master.key.old", Base64.getEncoder().encodeToString(key()));
    secret("master.key", Base64.getEncoder().encodeToString(key()) + "\n");
    Files.writeString(folder.resolve("ca.pem"), CA);
  }

  static final String CA = authority();

  private static String authority() {
    try {
      return new CertificateBuilder()
          .ecp256()
          .subject("CN=an authority")
          .setIsCertificateAuthority(true)
          .buildSelfSigned()
          .getCertificatePEM();
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  static byte[] key() {
    var key = new byte[32];
    new Random().nextBytes(key);
    // A raw key that ends like a line must survive as it is.
    key[31] = '\n';
    return key;
  }

  void secret(String name, String text) throws IOException {
    var file = folder.resolve(name);
    Files.writeString(file, text);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
  }

  SettingsReader.Answer answer(String yaml, Map<String, String> environment) throws IOException {
    var file = folder.resolve("daypass.yaml");
    Files.writeString(file, yaml);
    return SettingsReader.read(file, environment, SettingsFiles::condition);
  }

  Settings good(String yaml, Map<String, String> environment) throws IOException {
    return read(answer(yaml, environment));
  }

  static Settings read(SettingsReader.Answer answer) {
    return switch (answer) {
      case SettingsReader.Answer.Read(var settings) -> settings;
      case SettingsReader.Answer.Refused(var problems) -> throw new AssertionError(problems);
    };
  }

  List<Problem> bad(String yaml, Map<String, String> environment) throws IOException {
    return switch (answer(yaml, environment)) {
      case SettingsReader.Answer.Read _ -> List.of();
      case SettingsReader.Answer.Refused(var problems) -> new ArrayList<>(problems);
    };
  }

  List<String> codes(String yaml) throws IOException {
    return bad(yaml, Map.of()).stream().map(Problem::code).toList();
  }

  static Optional<Condition> condition(
      String text, Place place, boolean saysIssuer, List<Problem> problems) {
    return switch (Conditions.compile(text, place, saysIssuer)) {
      case Conditions.Compiled.Good(var good) -> Optional.of(good);
      case Conditions.Compiled.Bad(var bad) -> {
        problems.addAll(bad);
        yield Optional.empty();
      }
    };
  }
}

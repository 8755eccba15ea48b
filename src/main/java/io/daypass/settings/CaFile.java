package io.daypass.settings;

import io.daypass.document.MappingReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.util.Optional;

/** A PEM file with the authorities that TLS trusts at one place, instead of the JDK's. */
final class CaFile {

  private CaFile() {}

  /** The file under {@code ca-file}, which starts at {@code folder}; a problem if it is no such. */
  static Optional<Path> read(MappingReader in, Path folder) {
    return in.identifier("ca-file").map(folder::resolve).flatMap(file -> checked(in, file));
  }

  static Optional<Path> checked(MappingReader in, Path file) {
    try (var pem = Files.newInputStream(file)) {
      if (!CertificateFactory.getInstance("X.509").generateCertificates(pem).isEmpty()) {
        return Optional.of(file);
      }
    } catch (IOException | CertificateException _) {
      // Said below.
    }
    in.problem("ca-file", "bad_value", file + " holds no PEM certificates");
    return Optional.empty();
  }
}

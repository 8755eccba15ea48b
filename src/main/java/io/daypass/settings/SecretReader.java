package io.daypass.settings;

import io.daypass.document.MappingReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Optional;
import java.util.Set;

/**
 * Reads a secret from where the settings say: in place, or from the file that the same key with
 * {@code -file} names. A file that others than its owner and group may read, or that its group may
 * write, is refused: whatever is in it is no secret, or may be somebody else's.
 */
final class SecretReader {

  private static final int MOST = 64 * 1024;
  private static final Set<PosixFilePermission> TOO_WIDE =
      Set.of(
          PosixFilePermission.OTHERS_READ,
          PosixFilePermission.OTHERS_WRITE,
          PosixFilePermission.GROUP_WRITE);

  private final Path folder;

  /** Relative file names start at {@code folder}. */
  SecretReader(Path folder) {
    this.folder = folder;
  }

  /** The secret under {@code key}; empty if there is none, or a problem with it was noted. */
  Optional<Hidden> text(MappingReader in, String key) {
    return both(in, key)
        ? Optional.empty()
        : in.identifier(key)
            .or(() -> file(in, key + "-file").flatMap(b -> line(in, key, b)))
            .map(Hidden::new);
  }

  /** The same, and its absence is a problem. */
  Optional<Hidden> requiredText(MappingReader in, String key) {
    require(in, key);
    return text(in, key);
  }

  Optional<MasterKey> requiredKey(MappingReader in, String key) {
    require(in, key);
    return key(in, key);
  }

  /** The master key under {@code key}; empty if there is none, or a problem with it was noted. */
  Optional<MasterKey> key(MappingReader in, String key) {
    if (both(in, key)) {
      return Optional.empty();
    }
    var what = "32 random bytes (openssl rand -base64 32 > master.key)";
    var given = in.parsed(key, MasterKey::parse, what + " in base64 or hex");
    return given.or(() ->
        file(in, key + "-file")
            .flatMap(bytes -> {
              var read =
                  MasterKey.of(bytes)
                      .or(() ->
                          MasterKey.parse(new String(bytes, StandardCharsets.US_ASCII).strip()));
              if (read.isEmpty()) {
                in.problem(key + "-file", "bad_secret", "the file must hold " + what);
              }
              return read;
            }));
  }

  private static void require(MappingReader in, String key) {
    var inPlace = in.has(key);
    if (!in.has(key + "-file") && !inPlace) {
      in.problem("missing_key", "\"" + key + "-file\" is missing (or \"" + key + "\", in place)");
    }
  }

  private static boolean both(MappingReader in, String key) {
    var inPlace = in.has(key);
    if (in.has(key + "-file") && inPlace) {
      in.problem(key, "secret_twice", "give \"" + key + "\" or \"" + key + "-file\", not both");
      return true;
    }
    return false;
  }

  private Optional<byte[]> file(MappingReader in, String key) {
    return in.identifier(key).flatMap(name -> read(in, key, folder.resolve(name)));
  }

  private static Optional<byte[]> read(MappingReader in, String key, Path file) {
    try (var stream = Files.newInputStream(file)) {
      var modes = Files.getPosixFilePermissions(file);
      if (modes.stream().anyMatch(TOO_WIDE::contains)) {
        in.problem(key, "secret_file_mode", file + " is open to others; chmod it to 0600 or 0640");
        return Optional.empty();
      }
      var bytes = stream.readNBytes(MOST + 1);
      if (bytes.length == 0 || bytes.length > MOST) {
        in.problem(key, "bad_secret", file + " is empty or larger than 64 KiB");
        return Optional.empty();
      }
      return Optional.of(bytes);
    } catch (IOException | UnsupportedOperationException _) {
      in.problem(key, "secret_unreadable", file + " cannot be read");
      return Optional.empty();
    }
  }

  /** The one line of a file, without the line's end. */
  private static Optional<String> line(MappingReader in, String key, byte[] bytes) {
    try {
      var text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      var line = text.replaceFirst("\\r?\\n\\z", "");
      if (!line.isBlank() && line.chars().noneMatch(Character::isISOControl)) {
        return Optional.of(line);
      }
    } catch (CharacterCodingException _) {
      // Reported below, like any other text that is not one line.
    }
    in.problem(key + "-file", "bad_secret", "the file must hold one line of text");
    return Optional.empty();
  }
}

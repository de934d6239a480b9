package io.bgfetch.seal;

import io.bgfetch.config.SettingException;
import io.bgfetch.config.Settings;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.function.Supplier;

/**
 * The one key of a cluster that secrets are sealed with: 32 bytes, the same for all its processes.
 * Reading settings makes no key; who first seals or opens with it does.
 */
public final class SealKey {

  private static final String SETTING = "BGFETCH_SECRET_KEY";
  private static final String FILE = "secret-key";
  private static final int BYTES = 32;

  private final Supplier<byte[]> source;

  SealKey(byte[] bytes) {
    byte[] set = bytes.clone();
    this.source = set::clone;
  }

  private SealKey(Path file) {
    this.source = () -> inFile(file);
  }

  /**
   * The key that is set, or else that of the data directory, where the first process that needs it
   * makes one.
   *
   * @throws SettingException if the key that is set is none
   */
  public static SealKey from(Settings settings) {
    Path file = Path.of(settings.text("BGFETCH_DATA_DIR", ".bgfetch"), FILE);
    return settings
        .text(SETTING)
        .map(text -> new SealKey(parse(text, "is")))
        .orElseGet(() -> new SealKey(file));
  }

  /**
   * The key itself. May block.
   *
   * @throws SettingException if it is in no setting and cannot be read or made in the data
   *     directory
   */
  byte[] bytes() {
    return source.get();
  }

  private static byte[] inFile(Path file) {
    try {
      Path directory = Files.createDirectories(file.toAbsolutePath().getParent());
      if (!Files.exists(file)) {
        make(directory, file);
      }
      return parse(Files.readString(file), "is not set, and " + file + " has");
    } catch (IOException cannot) {
      throw new SettingException(
          SETTING, "is not set, and " + file + " cannot be made or read: " + cannot.getMessage());
    }
  }

  /** Several processes may do this at once: the first one's link stays. */
  private static void make(Path directory, Path file) throws IOException {
    byte[] key = new byte[BYTES];
    new SecureRandom().nextBytes(key);
    Path draft =
        Files.createTempFile(
            directory,
            FILE,
            ".draft",
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    try {
      Files.writeString(
          draft, Base64.getEncoder().encodeToString(key) + "\n", StandardOpenOption.SYNC);
      Files.createLink(file, draft);
    } catch (FileAlreadyExistsException madeMeanwhile) {
      // that one counts
    } finally {
      Files.delete(draft);
    }
  }

  /** The value itself is never shown, not even when it is wrong. */
  private static byte[] parse(String text, String origin) {
    try {
      byte[] bytes = Base64.getDecoder().decode(text.strip());
      if (bytes.length == BYTES) {
        return bytes;
      }
    } catch (IllegalArgumentException notBase64) {
      // the same answer as for a wrong length
    }
    throw new SettingException(SETTING, origin + " no key: 32 bytes in base64 are needed");
  }

  @Override
  public String toString() {
    return "***";
  }
}

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
import java.util.Arrays;
import java.util.Base64;

/**
 * The one key of a cluster that secrets are sealed with: 32 bytes, the same for all its processes.
 */
public final class SealKey {

  private static final String SETTING = "BGFETCH_SECRET_KEY";
  private static final String FILE = "secret-key";
  private static final int BYTES = 32;

  private final byte[] bytes;

  SealKey(byte[] bytes) {
    this.bytes = bytes.clone();
  }

  /**
   * The key that is set, or else that of the data directory, where the first process that needs it
   * makes one.
   *
   * @throws SettingException if the key cannot be read or made
   */
  public static SealKey from(Settings settings) {
    return settings
        .text(SETTING)
        .map(text -> parse(text, "is"))
        .orElseGet(() -> ofDataDirectory(settings.text("BGFETCH_DATA_DIR", ".bgfetch")));
  }

  private static SealKey ofDataDirectory(String directory) {
    Path file = Path.of(directory, FILE);
    try {
      Files.createDirectories(Path.of(directory));
      if (!Files.exists(file)) {
        make(file);
      }
      return parse(Files.readString(file), "is not set, and " + file + " has");
    } catch (IOException cannot) {
      throw new SettingException(
          SETTING, "is not set, and " + file + " cannot be made or read: " + cannot.getMessage());
    }
  }

  /** Several processes may do this at once: the first one's link stays. */
  private static void make(Path file) throws IOException {
    byte[] key = new byte[BYTES];
    new SecureRandom().nextBytes(key);
    Path draft =
        Files.createTempFile(
            file.toAbsolutePath().getParent(),
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
  private static SealKey parse(String text, String origin) {
    try {
      byte[] bytes = Base64.getDecoder().decode(text.strip());
      if (bytes.length == BYTES) {
        return new SealKey(bytes);
      }
    } catch (IllegalArgumentException notBase64) {
      // the same answer as for a wrong length
    }
    throw new SettingException(SETTING, origin + " no key: 32 bytes in base64 are needed");
  }

  byte[] bytes() {
    return bytes.clone();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof SealKey key && Arrays.equals(bytes, key.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  @Override
  public String toString() {
    return "***";
  }
}

package io.bgfetch.bench;

import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** SHA-256 of streams. */
final class Sha256 {

  private static final int AT_ONCE = 1 << 16;

  private Sha256() {}

  static MessageDigest begin() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every JDK has it
    }
  }

  /** Of all that is left in the stream, which is closed. */
  static byte[] of(InputStream stream) throws IOException {
    MessageDigest digest = begin();
    byte[] buffer = new byte[AT_ONCE];
    try (stream) {
      for (int read = stream.read(buffer); read >= 0; read = stream.read(buffer)) {
        digest.update(buffer, 0, read);
      }
    }
    return digest.digest();
  }
}

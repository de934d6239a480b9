package io.bgfetch.url;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** The hash that {@link WebUrl#urlKey} describes. */
final class UrlKey {

  private UrlKey() {}

  static long of(String href) {
    byte[] ascii = href.getBytes(StandardCharsets.US_ASCII);
    return ByteBuffer.wrap(sha256().digest(ascii)).getLong();
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }
}

package io.bgfetch.gateway.registering;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * What makes two bodies the same to an idempotency key: a SHA-256 over what is asked for and the
 * decoded content, computed as it passes. Used once, from one thread at a time.
 */
final class BodyIdentity {

  private final MessageDigest digest = sha256();

  /**
   * The identity of a body.
   *
   * @param purpose what the body is for and how it is written: the same bytes may mean another
   *     thing elsewhere
   */
  BodyIdentity(String purpose) {
    addText(purpose);
  }

  /** The next bytes of the content. */
  void add(Buffer piece) {
    digest.update(piece.getBytes());
  }

  /** A text that others may follow without being taken for its end. */
  void addText(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    digest.update(Buffer.buffer(Integer.BYTES).appendInt(bytes.length).getBytes());
    digest.update(bytes);
  }

  /** A digest of its own, for a content whose length is not known before its end. */
  static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }

  /** The content so far: 32 bytes. */
  Buffer hash() {
    return Buffer.buffer(digest.digest());
  }
}

package io.bgfetch.worker.fetch;

import io.bgfetch.blob.StoredBody;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** Hashes a body as it passes. Used by one thread at a time. */
final class BodyDigest {

  private final MessageDigest sha256 = digest("SHA-256");
  private final @Nullable Integrity integrity;
  private final @Nullable MessageDigest other;

  BodyDigest(@Nullable Integrity integrity) {
    this.integrity = integrity;
    this.other =
        integrity == null || integrity.algorithm().equals("SHA-256")
            ? null
            : digest(integrity.algorithm());
  }

  void update(byte[] bytes) {
    update(ByteBuffer.wrap(bytes));
  }

  /** Hashes the bytes that remain, and leaves them. */
  void update(ByteBuffer bytes) {
    sha256.update(bytes.duplicate());
    if (other != null) {
      other.update(bytes.duplicate());
    }
  }

  /** Ends the hashing of this body. */
  BodyContent finish(StoredBody stored) {
    byte[] hash = sha256.digest();
    @Nullable String mismatch =
        integrity != null && !matches(integrity, other == null ? hash : other.digest())
            ? "integrity: the body does not match its " + integrity.algorithm()
            : null;
    return new BodyContent(stored, Base64.getEncoder().encodeToString(hash), mismatch);
  }

  private static boolean matches(Integrity integrity, byte[] hash) {
    return integrity.digests().stream().anyMatch(d -> MessageDigest.isEqual(d, hash));
  }

  private static MessageDigest digest(String algorithm) {
    try {
      return MessageDigest.getInstance(algorithm);
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has " + algorithm, e);
    }
  }
}

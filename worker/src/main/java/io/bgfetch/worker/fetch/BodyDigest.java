package io.bgfetch.worker.fetch;

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
    sha256.update(bytes);
    if (other != null) {
      other.update(bytes);
    }
  }

  /**
   * Ends the hashing.
   *
   * @return SHA-256 in base64
   * @throws FetchFailure if the body is not the one that was asked for
   */
  String finish() {
    byte[] hash = sha256.digest();
    if (integrity != null && !matches(integrity, other == null ? hash : other.digest())) {
      throw new FetchFailure(
          NetworkError.lasting("integrity: the body does not match its " + integrity.algorithm()));
    }
    return Base64.getEncoder().encodeToString(hash);
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

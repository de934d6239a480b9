package io.bgfetch.gateway.database;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** What stands for an id in indexes: the SHA-256 of its UTF-8. */
public final class IdHash {

  private IdHash() {}

  public static Buffer of(String id) {
    try {
      return Buffer.buffer(
          MessageDigest.getInstance("SHA-256").digest(id.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }
}

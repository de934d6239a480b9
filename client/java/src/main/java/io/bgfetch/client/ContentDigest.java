package io.bgfetch.client;

import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The SHA-256 that a body has to have.
 *
 * @param field as in {@code Repr-Digest} (RFC 9530)
 */
record ContentDigest(String field) {
  private static final Pattern SHA_256 = Pattern.compile("sha-256=:[A-Za-z0-9+/]{43}=:");

  /** The digest in a field; empty where it has none. */
  static Optional<ContentDigest> in(@Nullable String text) {
    Matcher matcher = SHA_256.matcher(text == null ? "" : text);
    return matcher.find() ? Optional.of(new ContentDigest(matcher.group())) : Optional.empty();
  }

  static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }

  void verify(byte[] sha256) throws IOException {
    String actual = "sha-256=:" + Base64.getEncoder().encodeToString(sha256) + ":";
    if (!actual.equals(field)) {
      throw new IOException("the body that came is another one: " + actual + ", not " + field);
    }
  }
}

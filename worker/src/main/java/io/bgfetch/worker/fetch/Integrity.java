package io.bgfetch.worker.fetch;

import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a body must hash to (Subresource Integrity, section 3.3): of the algorithms that are named
 * the strongest counts, and of its digests one must match.
 *
 * @param algorithm by its JCA name
 * @param digests at least one
 */
record Integrity(String algorithm, List<byte[]> digests) {

  private static final List<String> BY_STRENGTH = List.of("sha512", "sha384", "sha256");
  private static final Map<String, String> JCA_NAMES =
      Map.of("sha256", "SHA-256", "sha384", "SHA-384", "sha512", "SHA-512");

  /** Reads integrity metadata; null where it names no algorithm that is known. */
  static @Nullable Integrity parse(@Nullable String metadata) {
    if (metadata == null) {
      return null;
    }
    for (String name : BY_STRENGTH) {
      List<byte[]> digests = digestsOf(name, metadata);
      if (!digests.isEmpty()) {
        return new Integrity(JCA_NAMES.getOrDefault(name, name), digests);
      }
    }
    return null;
  }

  private static List<byte[]> digestsOf(String algorithm, String metadata) {
    List<byte[]> digests = new ArrayList<>();
    for (String token : metadata.strip().split("\\s+")) {
      String expression = token.split("\\?", 2)[0];
      int dash = expression.indexOf('-');
      if (dash > 0 && expression.substring(0, dash).equalsIgnoreCase(algorithm)) {
        digests.add(decode(expression.substring(dash + 1)));
      }
    }
    return digests;
  }

  /**
   * What is no base64 stays in the list as a digest that nothing has: it must not open the door.
   */
  private static byte[] decode(String base64) {
    try {
      String standard = base64.replace('-', '+').replace('_', '/');
      return Base64.getDecoder().decode(standard);
    } catch (IllegalArgumentException notBase64) {
      return new byte[0];
    }
  }
}

package io.bgfetch.testkit;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import io.vertx.core.buffer.Buffer;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * An endless sequence of bytes that look random and are the same for the same seed: word n of eight
 * bytes is output n of SplitMix64 (Steele, Lea, Flood 2014), so it can be read from anywhere.
 */
record RandomBytes(long seed) {
  static final int CHUNK = 64 << 10;

  private static final long GOLDEN_GAMMA = 0x9e3779b97f4a7c15L;
  private static final VarHandle WORD =
      MethodHandles.byteArrayViewVarHandle(long[].class, LITTLE_ENDIAN);

  /** The bytes from the position on. */
  byte[] read(long position, int length) {
    long firstWord = Math.floorDiv(position, Long.BYTES);
    int skipped = (int) (position - firstWord * Long.BYTES);
    int words = Math.ceilDiv(skipped + length, Long.BYTES);
    byte[] bytes = new byte[words * Long.BYTES];
    for (int i = 0; i < words; i++) {
      WORD.set(bytes, i * Long.BYTES, mix(seed + (firstWord + i + 1) * GOLDEN_GAMMA));
    }
    return skipped == 0 && bytes.length == length
        ? bytes
        : Buffer.buffer(bytes).getBytes(skipped, skipped + length);
  }

  private static long mix(long z) {
    long a = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
    long b = (a ^ (a >>> 27)) * 0x94d049bb133111ebL;
    return b ^ (b >>> 31);
  }

  /** SHA-256 of the first bytes, in lower-case hex. */
  String sha256(long length) {
    MessageDigest digest = sha256();
    for (long position = 0; position < length; position += CHUNK) {
      digest.update(read(position, (int) Math.min(CHUNK, length - position)));
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}

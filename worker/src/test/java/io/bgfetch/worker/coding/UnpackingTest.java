package io.bgfetch.worker.coding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;

class UnpackingTest {

  private static final int UNPACKED = 70_000_000;
  private static final byte[] PACKED = Packed.in("gzip", new byte[UNPACKED]);

  /** The same in so many coded bytes: behind its header a member may have a name of any length. */
  private static byte[] packedInto(int size) {
    byte[] header = new byte[10];
    ByteBuffer.wrap(PACKED).get(header);
    header[3] |= 1 << 3;
    byte[] name = "x".repeat(size - PACKED.length - 1).getBytes();
    return ByteBuffer.allocate(size)
        .put(header)
        .put(name)
        .put((byte) 0)
        .put(PACKED, header.length, PACKED.length - header.length)
        .array();
  }

  private static long unpack(byte[] coded) {
    long bytes = 0;
    try (Unpacking unpacking = new Unpacking(List.of(Coding.GZIP))) {
      unpacking.offer(coded);
      for (byte[] piece = unpacking.step(); piece != null; piece = unpacking.step()) {
        bytes += piece.length;
      }
    }
    return bytes;
  }

  @Test
  void allowsAHundredTimesTheCodedBytes() {
    assertThat(unpack(packedInto(UNPACKED / 100))).isEqualTo(UNPACKED);
  }

  @Test
  void refusesMoreThanThat() {
    byte[] coded = packedInto(UNPACKED / 100 - 1);

    assertThatThrownBy(() -> unpack(coded)).hasMessageContaining("100 times");
  }
}

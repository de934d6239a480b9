package io.bgfetch.worker.coding;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DecodedBodyTest {

  private static final int MIB = 1 << 20;

  private final Taker taker = new Taker();
  private final Deque<Runnable> later = new ArrayDeque<>();
  private DecoderMemory memory = DecoderMemory.ofThisProcess();
  private int moves;
  private DecodedBody body;

  @AfterEach
  void close() {
    if (body != null) {
      body.close();
    }
  }

  private DecodedBody begin(String contentEncoding) {
    return begin(contentEncoding, true);
  }

  private DecodedBody begin(String contentEncoding, boolean framed) {
    body =
        DecodedBody.of(
                contentEncoding,
                framed,
                new DecodedBody.Surroundings(taker, memory, later::add, () -> moves++))
            .orElseThrow();
    return body;
  }

  private Future<Void> decode(byte[] coded, int chunk) {
    for (int i = 0; i < coded.length; i += chunk) {
      body.write(Buffer.buffer(Arrays.copyOfRange(coded, i, Math.min(i + chunk, coded.length))));
    }
    Future<Void> end = body.end();
    turnOn();
    return end;
  }

  /** Runs what the body has put off. */
  private void turnOn() {
    while (!later.isEmpty()) {
      later.poll().run();
    }
  }

  private static byte[] text() {
    Random random = new Random(7);
    StringBuilder words = new StringBuilder();
    while (words.length() < 300_000) {
      words.append("word").append(random.nextInt(5_000)).append(' ');
    }
    return words.toString().getBytes(StandardCharsets.UTF_8);
  }

  @Nested
  class ABody {

    @ParameterizedTest
    @CsvSource({
      "gzip, gzip",
      "gzip, x-gzip",
      "gzip, GZIP",
      "deflate, deflate",
      "raw deflate, deflate",
      "br, br",
      "zstd, zstd"
    })
    void isDecodedWhereverItsChunksEnd(String packing, String contentEncoding) {
      byte[] packed = Packed.in(packing, text());
      for (int chunk : new int[] {1, 1000, packed.length}) {
        Taker before = new Taker();
        try (DecodedBody one =
            DecodedBody.of(
                    contentEncoding,
                    true,
                    new DecodedBody.Surroundings(before, memory, later::add, () -> {}))
                .orElseThrow()) {
          body = one;
          assertThat(decode(packed, chunk).succeeded()).isTrue();
        }
        assertThat(before.taken()).isEqualTo(text());
        assertThat(before.ended()).isTrue();
      }
    }

    @Test
    void isDecodedOfSeveralCodingsInTheirOrder() {
      begin("deflate,br");
      byte[] packed = Packed.in("br", Packed.in("deflate", text()));

      assertThat(decode(packed, 1000).succeeded()).isTrue();
      assertThat(taker.taken()).isEqualTo(text());
    }

    @ParameterizedTest
    @ValueSource(strings = {"gzip", "deflate", "br", "zstd", "gzip, zstd"})
    void mayBeEmpty(String contentEncoding) {
      begin(contentEncoding);

      assertThat(decode(new byte[0], 1).succeeded()).isTrue();
      assertThat(taker.count()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"gzip", "zstd"})
    void mayHaveSeveralMembers(String coding) {
      begin(coding);
      byte[] two =
          Packed.joined(Packed.in(coding, "one,".getBytes()), Packed.in(coding, "two".getBytes()));

      assertThat(decode(two, 5).succeeded()).isTrue();
      assertThat(taker.taken()).asString().isEqualTo("one,two");
    }

    @ParameterizedTest
    @ValueSource(strings = {"gzip", "deflate"})
    void mayHaveGarbageBehindIt(String coding) {
      begin(coding);
      byte[] packed = Packed.joined(Packed.in(coding, text()), "\r\nmore\u001f\u008b".getBytes());

      assertThat(decode(packed, 1000).succeeded()).isTrue();
      assertThat(taker.taken()).isEqualTo(text());
    }

    @ParameterizedTest
    @CsvSource({"br, 1", "br, 1000000", "zstd, 1", "zstd, 1000000"})
    void mayHaveNoneBehindCodingsThatForbidIt(String coding, int chunk) {
      begin(coding);
      byte[] packed = Packed.joined(Packed.in(coding, text()), "\r\nmore".getBytes());

      assertThat(decode(packed, chunk).cause()).isInstanceOf(DecodingFailure.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"gzip", "deflate", "br", "zstd"})
    void thatIsNotOfItsCodingIsAProtocolErrorForGood(String coding) {
      begin(coding);

      Future<Void> end = decode("<html>this is no coding at all</html>".repeat(9).getBytes(), 100);

      assertThat(end.cause())
          .isInstanceOfSatisfying(
              DecodingFailure.class,
              failure -> {
                assertThat(failure).hasMessage("protocol error: the body is not " + coding);
                assertThat(failure.error().mayPass()).isFalse();
              });
    }

    @ParameterizedTest
    @ValueSource(strings = {"gzip", "deflate", "br", "zstd"})
    void thatEndsInTheMiddleIsNotWhole(String coding) {
      byte[] packed = Packed.in(coding, text());
      byte[] half = Arrays.copyOf(packed, packed.length / 2);

      begin(coding, true);
      assertThat(decode(half, 1000).cause())
          .isInstanceOfSatisfying(
              DecodingFailure.class, f -> assertThat(f.error().mayPass()).isFalse());
      body.close();
      begin(coding, false);
      assertThat(decode(half, 1000).cause())
          .isInstanceOfSatisfying(
              DecodingFailure.class, f -> assertThat(f.error().mayPass()).isTrue());
    }

    @Test
    void thatFailsItsChecksumIsAProtocolError() {
      begin("gzip");
      byte[] packed = Packed.in("gzip", text());
      packed[packed.length - 6] ^= 1;

      assertThat(decode(packed, 1000).cause()).isInstanceOf(DecodingFailure.class);
    }

    @Test
    void needsNoLargerWindowThanTheWebAllows() {
      begin("zstd");
      // A frame header that asks for a window of 16 MiB (RFC 8878, section 3.1.1.1.2).
      byte[] greedy = {0x28, (byte) 0xB5, 0x2F, (byte) 0xFD, 0, (byte) (14 << 3), 1, 0, 0};

      assertThat(decode(greedy, 100).cause()).isInstanceOf(DecodingFailure.class);
    }
  }

  @Test
  void waitsForRoomForItsDecoders() {
    memory = new DecoderMemory(20 << 20);
    DecodedBody first = begin("br");
    byte[] packed = Packed.in("br", text());
    DecodedBody second = begin("br");
    Future<Void> end = decode(packed, packed.length);
    assertThat(end.isComplete()).isFalse();
    assertThat(second.waiting()).isTrue();
    assertThat(second.writeQueueFull()).isTrue();

    first.close();
    turnOn();

    assertThat(end.succeeded()).isTrue();
    assertThat(second.waiting()).isFalse();
  }

  @Test
  void takesNoRoomWhereItIsClosedBeforeThereIsAny() {
    memory = new DecoderMemory(20 << 20);
    DecodedBody first = begin("br");
    begin("br").close();
    first.close();

    assertThat(begin("br").waiting()).isFalse();
  }

  @Nested
  class ABomb {

    @ParameterizedTest
    @ValueSource(strings = {"gzip", "deflate", "br", "zstd"})
    void isRecognizedWhileItUnpacks(String coding) {
      taker.countingOnly();
      begin(coding);

      Future<Void> end = decode(Packed.in(coding, new byte[80 * MIB]), 16 << 10);

      assertThat(end.cause()).hasMessageContaining("100 times");
      assertThat(taker.count()).isBetween(63L * MIB, 64L * MIB);
    }

    @Test
    void isRecognizedInsideAnotherCoding() {
      taker.countingOnly();
      begin("br, gzip");
      byte[] tiny = Packed.in("gzip", Packed.in("br", new byte[80 * MIB]));

      assertThat(decode(tiny, 1000).cause()).hasMessageContaining("100 times");
    }

    @Test
    void isNoneUpTo64Mebibytes() {
      taker.countingOnly();
      begin("gzip");

      assertThat(decode(Packed.in("gzip", new byte[64 * MIB]), 16 << 10).succeeded()).isTrue();
      assertThat(taker.count()).isEqualTo(64L * MIB);
    }

    @Test
    void isNoneThatUnpacksToLessThanAHundredTimes() {
      taker.countingOnly();
      begin("gzip");
      byte[] plain = new byte[70 * MIB];
      byte[] noise = new byte[700];
      Random random = new Random(3);
      for (int i = 0; i < plain.length; i += 64 << 10) {
        random.nextBytes(noise);
        System.arraycopy(noise, 0, plain, i, noise.length);
      }
      byte[] packed = Packed.in("gzip", plain);
      assertThat(plain.length / packed.length).isBetween(60, 99);

      assertThat(decode(packed, 16 << 10).succeeded()).isTrue();
    }
  }

  @Nested
  class Pace {

    @ParameterizedTest
    @ValueSource(strings = {"gzip", "deflate", "br", "zstd"})
    void isThatOfTheTaker(String coding) {
      taker.countingOnly();
      taker.room(100_000);
      begin(coding);
      Future<Void> end = decode(Packed.in(coding, new byte[20 * MIB]), 1 << 20);

      assertThat(taker.count()).isLessThan(100_000 + Decoder.PIECE);
      assertThat(taker.waitedFor()).isTrue();
      assertThat(body.writeQueueFull()).isTrue();
      assertThat(end.isComplete()).isFalse();

      taker.room(Long.MAX_VALUE);
      turnOn();
      assertThat(taker.count()).isEqualTo(20L * MIB);
      assertThat(end.succeeded()).isTrue();
      assertThat(taker.largest()).isLessThanOrEqualTo(Decoder.PIECE);
    }

    @Test
    void leavesTheEventLoopToOthersBetweenTurns() {
      taker.countingOnly();
      begin("zstd");

      Future<Void> written = body.write(Buffer.buffer(Packed.in("zstd", new byte[20 * MIB])));

      assertThat(taker.count()).isBetween(1L, 16L * Decoder.PIECE);
      assertThat(written.isComplete()).isFalse();
      turnOn();
      assertThat(written.succeeded()).isTrue();
    }

    @Test
    void letsTheSourceGoOnWhenThereIsRoom() {
      taker.room(1);
      begin("gzip");
      byte[] packed = Packed.in("gzip", text());
      body.write(Buffer.buffer(packed));
      int[] resumed = new int[1];
      body.drainHandler(drained -> resumed[0]++);
      assertThat(resumed[0]).isZero();

      taker.room(Long.MAX_VALUE);
      turnOn();

      assertThat(resumed[0]).isEqualTo(1);
      assertThat(body.writeQueueFull()).isFalse();
    }

    @Test
    void countsCodedBytesAsMovement() {
      begin("zstd");
      body.write(Buffer.buffer(Arrays.copyOf(Packed.in("zstd", text()), 20)));

      assertThat(taker.count()).isZero();
      assertThat(moves).isEqualTo(1);
    }

    @Test
    void endsWhenItIsClosed() {
      taker.countingOnly();
      begin("br");
      body.write(Buffer.buffer(Packed.in("br", new byte[20 * MIB])));
      long before = taker.count();

      body.close();
      turnOn();

      assertThat(taker.count()).isEqualTo(before);
    }
  }
}

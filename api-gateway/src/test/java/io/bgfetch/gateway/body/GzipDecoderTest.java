package io.bgfetch.gateway.body;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.bgfetch.gateway.problem.ProblemException;
import io.vertx.core.buffer.Buffer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GzipDecoderTest {

  private final GzipDecoder decoder = new GzipDecoder();

  private static byte[] gzip(byte[] plain) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
      gzip.write(plain);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  private Buffer decode(byte[] coded, int size) {
    Buffer all = Buffer.buffer();
    for (int i = 0; i < coded.length; i += size) {
      decoder.offer(Buffer.buffer(coded).getBuffer(i, Math.min(i + size, coded.length)));
      for (Buffer piece = decoder.poll(); piece != null; piece = decoder.poll()) {
        all.appendBuffer(piece);
      }
    }
    return all;
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 7, 1000, 1_000_000})
  void unpacksWhereverPiecesEnd(int size) {
    byte[] plain = new byte[100_000];
    new Random(1).nextBytes(plain);

    assertThat(decode(gzip(plain), size).getBytes()).isEqualTo(plain);
    assertThat(decoder.complete()).isTrue();
  }

  @Test
  void unpacksAllMembers() {
    Buffer two = Buffer.buffer(gzip("one,".getBytes())).appendBytes(gzip("two".getBytes()));

    assertThat(decode(two.getBytes(), 5)).hasToString("one,two");
    assertThat(decoder.complete()).isTrue();
  }

  @Test
  void readsOptionalFieldsOfTheHeader() {
    byte[] plain = gzip("x".getBytes());
    Buffer named =
        Buffer.buffer(plain)
            .getBuffer(0, 3)
            .appendByte((byte) (4 | 8 | 16 | 2))
            .appendBytes(new byte[6])
            .appendBytes(new byte[] {2, 0, 'e', 'f'})
            .appendString("name\0comment\0")
            .appendBytes(new byte[] {1, 2})
            .appendBytes(plain, 10, plain.length - 10);

    assertThat(decode(named.getBytes(), 1)).hasToString("x");
    assertThat(decoder.complete()).isTrue();
  }

  @Test
  void givesABombInSmallPieces() {
    byte[] bomb = gzip(new byte[50 << 20]);
    decoder.offer(Buffer.buffer(bomb));

    assertThat(decoder.poll().length()).isLessThanOrEqualTo(32 * 1024);
  }

  @Test
  void knowsThatABodyBrokeOff() {
    byte[] coded = gzip("something".getBytes());

    decode(Buffer.buffer(coded).getBytes(0, coded.length - 1), 100);

    assertThat(decoder.complete()).isFalse();
  }

  @Test
  void refusesWhatIsNotGzip() {
    assertThat(refused("plain text".getBytes())).isEqualTo(400);
  }

  @Test
  void refusesAWrongChecksum() {
    byte[] coded = gzip("something".getBytes());
    coded[coded.length - 6] ^= 1;

    assertThat(refused(coded)).isEqualTo(400);
  }

  private int refused(byte[] coded) {
    return catchThrowableOfType(ProblemException.class, () -> decode(coded, 100))
        .problem()
        .status();
  }
}

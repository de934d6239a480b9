package io.bgfetch.gzip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bgfetch.gzip.GzipInflater.Trailing;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipException;
import org.junit.jupiter.api.Test;

class GzipInflaterTest {

  private static byte[] gzip(String plain, String behind) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
      gzip.write(plain.getBytes());
    }
    bytes.writeBytes(behind.getBytes());
    return bytes.toByteArray();
  }

  private static String unpack(GzipInflater inflater, byte[] packed) throws ZipException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    inflater.offer(packed);
    for (byte[] piece = inflater.poll(); piece != null; piece = inflater.poll()) {
      all.writeBytes(piece);
    }
    return all.toString();
  }

  @Test
  void ignoresWhatFollowsTheMembersWhereItIsToldTo() throws IOException {
    try (GzipInflater inflater = new GzipInflater(Trailing.IGNORED)) {
      assertThat(unpack(inflater, gzip("body", "\r\n"))).isEqualTo("body");
      assertThat(unpack(inflater, gzip("more", ""))).isEmpty();
      assertThat(inflater.complete()).isTrue();
    }
  }

  @Test
  void refusesWhatFollowsTheMembersElsewhere() throws IOException {
    byte[] packed = gzip("body", "\r\n");
    try (GzipInflater inflater = new GzipInflater(Trailing.REFUSED)) {
      assertThatThrownBy(() -> unpack(inflater, packed)).isInstanceOf(ZipException.class);
    }
  }

  @Test
  void refusesWhatIsNoGzipFromTheFirstByteOn() {
    try (GzipInflater inflater = new GzipInflater(Trailing.IGNORED)) {
      assertThatThrownBy(() -> unpack(inflater, "plain".getBytes()))
          .isInstanceOf(ZipException.class);
    }
  }
}

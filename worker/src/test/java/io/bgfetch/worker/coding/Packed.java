package io.bgfetch.worker.coding;

import com.aayushatharva.brotli4j.Brotli4jLoader;
import com.aayushatharva.brotli4j.encoder.Encoder;
import com.github.luben.zstd.Zstd;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;

/** Bytes in each content coding. */
final class Packed {

  private interface Packing {
    OutputStream into(ByteArrayOutputStream packed) throws IOException;
  }

  private Packed() {}

  static byte[] in(String coding, byte[] plain) {
    return switch (coding) {
      case "gzip" -> packed(plain, GZIPOutputStream::new);
      case "deflate" -> packed(plain, DeflaterOutputStream::new);
      case "raw deflate" ->
          packed(plain, into -> new DeflaterOutputStream(into, new Deflater(6, true)));
      case "br" -> brotli(plain);
      case "zstd" -> Zstd.compress(plain);
      default -> throw new IllegalArgumentException(coding);
    };
  }

  private static byte[] brotli(byte[] plain) {
    Brotli4jLoader.ensureAvailability();
    try {
      return Encoder.compress(plain, Encoder.Parameters.create(4));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static byte[] packed(byte[] plain, Packing packing) {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (OutputStream out = packing.into(packed)) {
      out.write(plain);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return packed.toByteArray();
  }

  static byte[] joined(byte[]... parts) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      all.writeBytes(part);
    }
    return all.toByteArray();
  }
}

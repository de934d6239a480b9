package io.bgfetch.worker.coding;

import com.aayushatharva.brotli4j.Brotli4jLoader;
import com.github.luben.zstd.util.Native;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** A content coding that can be decoded, if this platform has its library. */
enum Coding {
  GZIP(64 << 10, () -> true, GzipDecoder::new),
  DEFLATE(64 << 10, () -> true, DeflateDecoder::new),
  BR(16 << 20, Brotli4jLoader::isAvailable, BrotliDecoder::new),
  ZSTD(8 << 20, Coding::zstdLoads, ZstdDecoder::new);

  private final long window;
  private final BooleanSupplier loads;
  private final Supplier<Decoder> decoders;

  Coding(long window, BooleanSupplier loads, Supplier<Decoder> decoders) {
    this.window = window;
    this.loads = loads;
    this.decoders = decoders;
  }

  /** The coding of this name, in any case ({@code x-gzip} is gzip: RFC 9110, section 8.4.1.3). */
  static Optional<Coding> named(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    return Arrays.stream(values())
        .filter(coding -> coding.token().equals(lower.equals("x-gzip") ? "gzip" : lower))
        .filter(Coding::available)
        .findFirst();
  }

  /** The most bytes that a decoder keeps of what it has decoded. */
  long window() {
    return window;
  }

  String token() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Whether this platform can decode it. The first call loads a library. */
  boolean available() {
    return loads.getAsBoolean();
  }

  Decoder decoder() {
    return decoders.get();
  }

  private static boolean zstdLoads() {
    try {
      Native.load();
      return Native.isLoaded();
    } catch (LinkageError notForThisPlatform) {
      return false;
    }
  }
}

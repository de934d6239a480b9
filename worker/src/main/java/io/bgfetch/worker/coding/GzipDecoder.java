package io.bgfetch.worker.coding;

import io.bgfetch.gzip.GzipInflater;
import io.bgfetch.gzip.GzipInflater.Trailing;
import java.util.zip.ZipException;
import org.jspecify.annotations.Nullable;

/**
 * {@code gzip} (RFC 1952): all members. What follows them and is no member is ignored, as Chrome
 * and curl do: some servers append a line break or padding.
 */
final class GzipDecoder implements Decoder {

  private final GzipInflater inflater = new GzipInflater(Trailing.IGNORED);

  @Override
  public void offer(byte[] coded) {
    inflater.offer(coded);
  }

  @Override
  public byte @Nullable [] poll() {
    try {
      return inflater.poll();
    } catch (ZipException broken) {
      throw DecodingFailure.corrupt("gzip", broken);
    }
  }

  @Override
  public boolean complete() {
    return inflater.complete();
  }

  @Override
  public void close() {
    inflater.close();
  }
}

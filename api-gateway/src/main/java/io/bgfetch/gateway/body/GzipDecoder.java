package io.bgfetch.gateway.body;

import io.bgfetch.gateway.problem.Problem;
import io.bgfetch.gzip.GzipInflater;
import io.bgfetch.gzip.GzipInflater.Trailing;
import io.vertx.core.buffer.Buffer;
import java.util.zip.ZipException;
import org.jspecify.annotations.Nullable;

/** A body in gzip (RFC 1952), of any number of members, with nothing behind them. */
final class GzipDecoder implements ContentDecoder {

  private final GzipInflater inflater = new GzipInflater(Trailing.REFUSED);

  @Override
  public void offer(Buffer more) {
    inflater.offer(more.getBytes());
  }

  @Override
  public @Nullable Buffer poll() {
    try {
      byte[] piece = inflater.poll();
      return piece == null ? null : Buffer.buffer(piece);
    } catch (ZipException notGzip) {
      throw Problem.badRequest("the body is not gzip").toException();
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

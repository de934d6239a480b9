package io.bgfetch.gateway.body;

import io.vertx.core.buffer.Buffer;
import org.jspecify.annotations.Nullable;

/** A body without a content coding. */
final class IdentityDecoder implements ContentDecoder {

  private @Nullable Buffer piece;

  @Override
  public void offer(Buffer coded) {
    piece = coded;
  }

  @Override
  public @Nullable Buffer poll() {
    Buffer next = piece;
    piece = null;
    return next;
  }

  @Override
  public boolean complete() {
    return true;
  }

  @Override
  public void close() {
    piece = null;
  }
}

package io.bgfetch.worker.coding;

import com.aayushatharva.brotli4j.decoder.DecoderJNI;
import com.aayushatharva.brotli4j.decoder.DecoderJNI.Status;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * {@code br} (RFC 7932), and nothing else behind it, as curl has it. Decoded bytes wait in the
 * library's window, at most 16 MiB by the format, until pieces of them are asked for; it decodes no
 * further meanwhile.
 */
final class BrotliDecoder implements Decoder {

  private static final int INPUT = 16 << 10;

  private final DecoderJNI.Wrapper decoder;
  private byte[] coded = {};
  private int position;
  private @Nullable ByteBuffer decoded;
  private boolean pulled;
  private boolean begun;
  private boolean closed;

  BrotliDecoder() {
    try {
      decoder = new DecoderJNI.Wrapper(INPUT);
    } catch (IOException noMemory) {
      throw new UncheckedIOException(noMemory);
    }
  }

  @Override
  public void offer(byte[] more) {
    coded = more;
    position = 0;
  }

  @Override
  public byte @Nullable [] poll() {
    while (!closed) {
      ByteBuffer ready = decoded;
      if (ready != null && ready.hasRemaining()) {
        byte[] piece = new byte[Math.min(PIECE, ready.remaining())];
        ready.get(piece);
        return piece;
      }
      decoded = null;
      switch (decoder.getStatus()) {
        case OK -> decoder.push(0);
        case NEEDS_MORE_OUTPUT -> pull();
        case NEEDS_MORE_INPUT -> {
          // What was decoded so far must not wait for bytes that may come late.
          if (decoder.hasOutput()) {
            pull();
          } else if (position < coded.length) {
            push();
          } else if (pulled) {
            // Only asked once more does it see that the end came before what was just pulled.
            pulled = false;
            decoder.push(0);
          } else {
            return null;
          }
        }
        case DONE -> {
          if (decoder.hasOutput()) {
            pull();
          } else if (position == coded.length) {
            return null;
          } else {
            throw DecodingFailure.corrupt("br", null);
          }
        }
        case ERROR -> throw DecodingFailure.corrupt("br", null);
      }
    }
    return null;
  }

  private void pull() {
    decoded = decoder.pull();
    pulled = true;
  }

  private void push() {
    begun = true;
    int n = Math.min(INPUT, coded.length - position);
    ByteBuffer input = decoder.getInputBuffer();
    input.clear();
    input.put(coded, position, n);
    position += n;
    decoder.push(n);
  }

  @Override
  public boolean complete() {
    return !begun || decoder.getStatus() == Status.DONE;
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      decoded = null;
      decoder.destroy();
    }
  }
}

package io.bgfetch.gateway.registering;

import io.bgfetch.gateway.problem.Problem;
import io.vertx.core.buffer.Buffer;
import java.util.function.Consumer;

/**
 * Cuts a stream of bytes into lines, wherever its pieces begin and end. Lines that hold nothing but
 * white space are skipped.
 */
final class LineSplitter {

  private final int longest;
  private Buffer begun = Buffer.buffer();

  LineSplitter(int longest) {
    this.longest = longest;
  }

  /** Gives every line that ends in this piece to {@code sink}. */
  void split(Buffer piece, Consumer<Buffer> sink) {
    int start = 0;
    for (int i = 0; i < piece.length(); i++) {
      if (piece.getByte(i) == '\n') {
        line(piece.slice(start, i), sink);
        start = i + 1;
      }
    }
    begin(piece.slice(start, piece.length()));
  }

  /** Gives what stands behind the last line feed. */
  void end(Consumer<Buffer> sink) {
    line(Buffer.buffer(), sink);
  }

  private void line(Buffer end, Consumer<Buffer> sink) {
    begin(end);
    Buffer line = begun;
    begun = Buffer.buffer();
    if (!isBlank(line)) {
      sink.accept(line);
    }
  }

  private void begin(Buffer part) {
    if (begun.length() + part.length() > longest) {
      throw Problem.tooLarge("a line is longer than " + longest + " bytes").toException();
    }
    begun.appendBuffer(part);
  }

  private static boolean isBlank(Buffer line) {
    for (int i = 0; i < line.length(); i++) {
      if (line.getByte(i) > ' ' || line.getByte(i) < 0) {
        return false;
      }
    }
    return true;
  }
}

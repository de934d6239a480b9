package io.bgfetch.client;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Reads {@code text/event-stream} (HTML standard, section 9.2.6). An event that is cut is lost. */
final class ServerSentEvents implements Closeable {
  /** Far above any registration; what is longer is not one of ours. */
  private static final int MAX_EVENT = 4 << 20;

  private final InputStream in;
  private boolean skipLineFeed;
  private @Nullable String lastEventId;

  ServerSentEvents(InputStream in) {
    this.in = new BufferedInputStream(in);
  }

  /** The next event, null when the stream is at its end. */
  @Nullable ServerSentEvent next() throws IOException {
    String type = "message";
    StringBuilder data = new StringBuilder();
    for (String line = line(); line != null; line = line()) {
      if (line.isEmpty()) {
        if (!data.isEmpty()) {
          return new ServerSentEvent(type, lastEventId, data.substring(0, data.length() - 1));
        }
        type = "message";
        continue;
      }
      String value = value(line);
      switch (field(line)) {
        case "event" -> type = value;
        case "data" -> append(data, value);
        case "id" -> lastEventId = value;
        default -> {} // comments, retry (our own back-off is used), and what is yet to be invented
      }
    }
    return null;
  }

  private static void append(StringBuilder data, String value) throws IOException {
    if (data.length() + value.length() > MAX_EVENT) {
      throw new IOException("an event that is too long");
    }
    data.append(value).append('\n');
  }

  private static String field(String line) {
    int colon = line.indexOf(':');
    return colon < 0 ? line : line.substring(0, colon);
  }

  private static String value(String line) {
    int colon = line.indexOf(':');
    if (colon < 0) {
      return "";
    }
    return line.substring(line.startsWith(" ", colon + 1) ? colon + 2 : colon + 1);
  }

  /** A line without its end (LF, CR or CRLF); null where the stream ends, even in mid-line. */
  private @Nullable String line() throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int b = in.read(); b >= 0; b = in.read()) {
      boolean secondHalf = skipLineFeed && b == '\n';
      skipLineFeed = b == '\r';
      if (secondHalf) {
        continue;
      }
      if (b == '\n' || b == '\r') {
        return line.toString(StandardCharsets.UTF_8);
      }
      if (line.size() >= MAX_EVENT) {
        throw new IOException("a line that is too long");
      }
      line.write(b);
    }
    return null;
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}

package io.bgfetch.client;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A bulk registration in NDJSON: its head and then its requests, a line each, made only as they are
 * read, so that a list of any length needs the memory of one line.
 */
final class LinesSubmission implements Submission {
  private static final byte NEW_LINE = '\n';

  private final ObjectNode head;
  private final Opening opening;
  private final boolean reopens;
  private volatile boolean walked;

  private LinesSubmission(ObjectNode head, Opening opening, boolean reopens) {
    this.head = head;
    this.opening = opening;
    this.reopens = reopens;
  }

  /** Begins one walk through the list. */
  private interface Opening {
    Walk begin() throws IOException;
  }

  private record Walk(Iterator<FetchRequest> requests, Runnable end) {}

  static LinesSubmission of(ObjectNode head, Iterable<FetchRequest> requests) {
    return new LinesSubmission(head, () -> new Walk(requests.iterator(), () -> {}), true);
  }

  static LinesSubmission of(ObjectNode head, RequestSource requests) {
    return new LinesSubmission(
        head,
        () -> {
          Stream<FetchRequest> stream = requests.open();
          return new Walk(stream.iterator(), stream::close);
        },
        true);
  }

  /** Of a list that can be walked once: it may be sent until its first request was asked for. */
  static LinesSubmission once(ObjectNode head, Iterator<FetchRequest> requests) {
    return new LinesSubmission(head, () -> new Walk(requests, () -> {}), false);
  }

  @Override
  public String mediaType() {
    return "application/x-ndjson";
  }

  @Override
  public boolean isRepeatable() {
    return reopens || !walked;
  }

  @Override
  public InputStream open() throws IOException {
    Walk walk = opening.begin();
    return new FilterInputStream(new PieceStream(new Lines(walk.requests()))) {
      @Override
      public void close() {
        walk.end().run();
      }
    };
  }

  /** The head and then each request; the list is not touched before the head was taken. */
  private final class Lines implements Iterator<byte[]> {
    private final Iterator<FetchRequest> requests;
    private @Nullable ObjectNode first = head;

    Lines(Iterator<FetchRequest> requests) {
      this.requests = requests;
    }

    @Override
    public boolean hasNext() {
      if (first != null) {
        return true;
      }
      walked = true;
      return requests.hasNext();
    }

    @Override
    public byte[] next() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      ObjectNode beginning = first;
      first = null;
      return beginning == null ? line(requests.next().inline()) : line(beginning);
    }
  }

  private static byte[] line(ObjectNode json) {
    byte[] bytes = Json.bytes(json);
    byte[] line = Arrays.copyOf(bytes, bytes.length + 1);
    line[bytes.length] = NEW_LINE;
    return line;
  }
}

package io.bgfetch.cli;

import io.bgfetch.client.FetchRequest;
import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Spliterator;
import java.util.Spliterators.AbstractSpliterator;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * A file with a URL or a JSON request on each line, read only as far as its requests are taken.
 * Empty lines count, but ask for nothing.
 */
final class RequestFile implements Closeable {
  private final String name;
  private final RequestTemplate template;
  private final BufferedReader reader;

  /** Requests that do not stand in the line behind that of the one before, and their lines. */
  private final NavigableMap<Long, Long> jumps = new TreeMap<>(Map.of(0L, 1L));

  private long line;
  private long requests;

  private RequestFile(String name, RequestTemplate template, InputStream in) {
    this.name = name;
    this.template = template;
    this.reader =
        new BufferedReader(
            new InputStreamReader(
                in,
                StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT)));
  }

  /**
   * Opens a file.
   *
   * @param file its name; {@code -} is standard input
   */
  static RequestFile open(String file, RequestTemplate template, InputStream standardInput) {
    try {
      return file.equals("-")
          ? new RequestFile("standard input", template, standardInput)
          : new RequestFile(file, template, Files.newInputStream(Path.of(file)));
    } catch (IOException e) {
      throw unusable("cannot read --from-file: " + CommandErrors.describe(e));
    } catch (InvalidPathException e) {
      throw unusable("cannot read --from-file: " + e.getMessage());
    }
  }

  /** Whether it can be opened a second time and has the same lines then. */
  static boolean isReadTwice(String file) {
    try {
      return !file.equals("-") && Files.isRegularFile(Path.of(file));
    } catch (InvalidPathException e) {
      return false;
    }
  }

  /** Where the request of an index stands; of those that were taken so far. */
  String place(long index) {
    Map.Entry<Long, Long> jump = jumps.floorEntry(index);
    return name + ", line " + (jump.getValue() + index - jump.getKey());
  }

  /** Its requests, to be walked once. A line that is not one is a {@link CommandFailure}. */
  Stream<FetchRequest> requests() {
    return StreamSupport.stream(
        new AbstractSpliterator<FetchRequest>(
            Long.MAX_VALUE, Spliterator.ORDERED | Spliterator.NONNULL) {
          @Override
          public boolean tryAdvance(Consumer<? super FetchRequest> action) {
            String text = nextLine();
            while (text != null && text.isEmpty()) {
              text = nextLine();
            }
            if (text == null) {
              return false;
            }
            noteLine();
            action.accept(request(text));
            return true;
          }
        },
        false);
  }

  private void noteLine() {
    Map.Entry<Long, Long> jump = jumps.lastEntry();
    if (jump.getValue() + requests - jump.getKey() != line) {
      jumps.put(requests, line);
    }
    requests++;
  }

  private @Nullable String nextLine() {
    try {
      line++;
      String text = reader.readLine();
      return text == null ? null : text.strip();
    } catch (IOException e) {
      throw unusable(name + ": " + CommandErrors.describe(e));
    }
  }

  private FetchRequest request(String text) {
    if (!text.startsWith("{") && !text.startsWith("\"")) {
      return template.of(text);
    }
    try {
      return FetchRequest.ofJson(text);
    } catch (IllegalArgumentException e) {
      throw unusable(name + ", line " + line + ": " + e.getMessage());
    }
  }

  private static CommandFailure unusable(String message) {
    return new CommandFailure(CommandFailure.UNUSABLE, message);
  }

  @Override
  public void close() {
    try {
      reader.close();
    } catch (IOException e) {
      // all that was wanted of it has been read
    }
  }
}

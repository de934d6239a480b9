package io.bgfetch.cli;

import io.bgfetch.client.BodySource;
import io.bgfetch.client.FetchRequest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.function.UnaryOperator;

/**
 * What {@code --data} gives: a text, or the content of a file. A small one stands in each request,
 * a large one is streamed beside them, once for all.
 */
final class RequestData {
  private static final int MOST_INLINE = 64 << 10;

  private final UnaryOperator<FetchRequest> change;
  private final boolean streamed;

  private RequestData(UnaryOperator<FetchRequest> change, boolean streamed) {
    this.change = change;
    this.streamed = streamed;
  }

  /**
   * The data of an argument.
   *
   * @param data a text, or {@code @} and the name of a file, {@code @-} being {@code in}
   */
  static RequestData of(String data, InputStream in) {
    if (!data.startsWith("@")) {
      return new RequestData(request -> request.withBody(data), false);
    }
    String file = data.substring(1);
    try {
      if (file.equals("-")) {
        return of(in);
      }
      Path path = Path.of(file);
      if (Files.isRegularFile(path) && Files.isReadable(path) && Files.size(path) > MOST_INLINE) {
        return ofFile(path);
      }
      try (InputStream content = Files.newInputStream(path)) {
        return of(content);
      }
    } catch (IOException e) {
      throw unusable("cannot read --data: " + CommandErrors.describe(e));
    } catch (InvalidPathException e) {
      throw unusable("cannot read --data: " + e.getMessage());
    }
  }

  /** What can be read only once is kept: in memory, or in a file that goes with this process. */
  private static RequestData of(InputStream in) throws IOException {
    byte[] beginning = in.readNBytes(MOST_INLINE + 1);
    if (beginning.length <= MOST_INLINE) {
      return ofBytes(beginning);
    }
    Path kept = Files.createTempFile("bgfetch-data-", "");
    kept.toFile().deleteOnExit();
    try (InputStream all = new SequenceInputStream(new ByteArrayInputStream(beginning), in)) {
      var unused = Files.copy(all, kept, StandardCopyOption.REPLACE_EXISTING);
    }
    return ofFile(kept);
  }

  private static RequestData ofFile(Path path) {
    BodySource content = () -> Files.newInputStream(path); // one body, however many requests
    return new RequestData(request -> request.withBody(content), true);
  }

  private static RequestData ofBytes(byte[] bytes) {
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      return new RequestData(request -> request.withBody(text), false);
    } catch (CharacterCodingException e) {
      return new RequestData(request -> request.withBody(bytes), false);
    }
  }

  FetchRequest addTo(FetchRequest request) {
    return change.apply(request);
  }

  boolean isStreamed() {
    return streamed;
  }

  private static CommandFailure unusable(String message) {
    return new CommandFailure(CommandFailure.UNUSABLE, message);
  }
}

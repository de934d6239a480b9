package io.bgfetch.client;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Saves one body: to a new file beside the wanted one, which takes its name when the body is
 * complete and, where a digest is known by then, has that digest. A connection that is lost on the
 * way is made again: a body that was complete at the gateway goes on where it broke off, one that
 * was still arriving begins again. It gives up when a connection stands still for too long, and
 * when several in a row bring no byte that was not there before.
 */
final class BodyDownload {
  private static final int BLOCK = 1 << 16;
  private static final int MOST_IN_VAIN = 3;
  private static final int PARTIAL_CONTENT = 206;
  private static final int RANGE_NOT_SATISFIABLE = 416;

  private final Attempts attempts;
  private final Opening opening;
  private final Supplier<Optional<ContentDigest>> digestAtTheEnd;
  private final Backoff backoff = new Backoff(ThreadLocalRandom.current());
  private final MessageDigest digest = ContentDigest.sha256();

  private Optional<ContentDigest> announced = Optional.empty();
  private @Nullable String etag;
  private long written;
  private long furthest;
  private int inVain;

  /** Opens the body, with more headers. */
  @FunctionalInterface
  interface Opening {
    HttpResponse<InputStream> open(UnaryOperator<HttpRequest.Builder> more);
  }

  /**
   * A download.
   *
   * @param digestAtTheEnd asks for the digest of a body that was not complete when it was opened
   */
  BodyDownload(
      Attempts attempts, Opening opening, Supplier<Optional<ContentDigest>> digestAtTheEnd) {
    this.attempts = attempts;
    this.opening = opening;
    this.digestAtTheEnd = digestAtTheEnd;
  }

  /** Answers how many bytes it has. */
  long saveTo(Path file) throws IOException {
    // a name that nobody has, and of a length that every file system takes
    Path temp = file.resolveSibling("bgfetch-" + UUID.randomUUID() + ".temp");
    try (InputStream body = begin(null); // what is refused leaves no trace
        FileChannel out =
            FileChannel.open(temp, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      try (out) {
        download(body, out);
      }
      Files.move(temp, file, StandardCopyOption.REPLACE_EXISTING);
      return written;
    } finally {
      Files.deleteIfExists(temp);
    }
  }

  private void download(InputStream first, FileChannel out) throws IOException {
    IOException cut = copy(first, out);
    while (cut != null) {
      requireHope(cut);
      try (InputStream body = begin(cut)) {
        cut = copy(body, out);
      }
    }
    Optional<ContentDigest> expected = announced.or(digestAtTheEnd);
    if (expected.isPresent()) {
      expected.get().verify(digest.digest());
    }
  }

  private InputStream begin(@Nullable IOException cut) throws IOException {
    try {
      HttpResponse<InputStream> answer = opening.open(this::fromHere);
      if (answer.statusCode() != PARTIAL_CONTENT) {
        written = 0;
        digest.reset();
      }
      etag = answer.headers().firstValue("ETag").orElse(null);
      announced = ContentDigest.in(answer.headers().firstValue("Repr-Digest").orElse(null));
      return answer.body();
    } catch (BgfetchException e) {
      if (cut == null) {
        throw e;
      }
      if (e.status() == RANGE_NOT_SATISFIABLE) { // all of it was there but the end
        return InputStream.nullInputStream();
      }
      cut.addSuppressed(e);
      throw cut;
    }
  }

  private HttpRequest.Builder fromHere(HttpRequest.Builder request) {
    return etag == null
        ? request
        : request.header("Range", "bytes=" + written + "-").header("If-Range", etag);
  }

  /** Null when the body came to its end, else how it broke off. Throws where the file fails. */
  private @Nullable IOException copy(InputStream body, FileChannel out) throws IOException {
    out.truncate(written).position(written);
    byte[] block = new byte[BLOCK];
    while (true) {
      int read;
      try {
        read = body.read(block);
      } catch (IOException e) {
        return e;
      }
      if (read < 0) {
        return null;
      }
      ByteBuffer buffer = ByteBuffer.wrap(block, 0, read);
      while (buffer.hasRemaining()) {
        written += out.write(buffer);
      }
      digest.update(block, 0, read);
    }
  }

  /** Waits a little; throws when it is no use to try again. */
  private void requireHope(IOException cut) throws IOException {
    inVain = written > furthest ? 0 : inVain + 1;
    furthest = Math.max(furthest, written);
    boolean over = cut instanceof HttpTimeoutException || cut instanceof InterruptedIOException;
    if (over || inVain >= MOST_IN_VAIN || !attempts.sleep(backoff.next())) {
      throw cut;
    }
  }
}

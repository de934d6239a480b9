package io.bgfetch.worker.fetch;

import io.bgfetch.worker.coding.DecodedBody;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.streams.WriteStream;
import org.jspecify.annotations.Nullable;

/**
 * The content codings of one response, undone on its body's way. Belongs to the worker's context.
 */
final class Decoding implements AutoCloseable {

  private final Attempt attempt;
  private @Nullable DecodedBody body;

  /** The decoding of a response that may have no coding at all. */
  Decoding(Attempt attempt) {
    this.attempt = attempt;
  }

  /**
   * What takes the body as it comes, and gives it on decoded. A client that asked for codings
   * itself gets its body as it came.
   */
  WriteStream<Buffer> before(WriteStream<Buffer> sink, HttpClientResponse response) {
    if (attempt.job().request().headers().containsKey("accept-encoding")) {
      return sink;
    }
    body =
        DecodedBody.of(
                String.join(",", response.headers().getAll("content-encoding")),
                ResponseHeads.framed(response),
                new DecodedBody.Surroundings(
                    sink, attempt.means().decoders(), Decoding::later, attempt.deadlines()::active))
            .orElse(null);
    return body == null ? sink : body;
  }

  /** Whether it is we who keep the origin waiting. */
  boolean held() {
    return body != null && body.waiting();
  }

  private static void later(Runnable work) {
    Vertx.currentContext().runOnContext(now -> work.run());
  }

  @Override
  public void close() {
    if (body != null) {
      body.close();
    }
  }
}

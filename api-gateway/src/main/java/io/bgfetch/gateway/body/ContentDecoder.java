package io.bgfetch.gateway.body;

import io.bgfetch.gateway.problem.Problem;
import io.vertx.core.buffer.Buffer;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Undoes the content coding of a body (RFC 9110, section 8.4.1), in pieces of bounded size. */
interface ContentDecoder extends AutoCloseable {

  /** Takes bytes as they came; only when {@link #poll} has nothing more. */
  void offer(Buffer coded);

  /** The next bytes as they were meant, null when more must be offered first. */
  @Nullable Buffer poll();

  /** Whether the body may end here. */
  boolean complete();

  @Override
  void close();

  /** The decoder for a coding; those that we do not know are a problem of status 415. */
  static ContentDecoder of(@Nullable String coding) {
    return switch (coding == null ? "identity" : coding.toLowerCase(Locale.ROOT)) {
      case "identity" -> new IdentityDecoder();
      case "gzip", "x-gzip" -> new GzipDecoder();
      default ->
          throw Problem.unsupportedMediaType("the content coding of a body is gzip or none")
              .toException();
    };
  }
}

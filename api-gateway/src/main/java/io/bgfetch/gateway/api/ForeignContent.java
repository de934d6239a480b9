package io.bgfetch.gateway.api;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import org.jspecify.annotations.Nullable;

/** How answers carry what others wrote: it must not run in our origin, nor be guessed about. */
final class ForeignContent {

  private static final String OCTETS = "application/octet-stream";

  private ForeignContent() {}

  static void protect(HttpServerResponse response) {
    response
        .putHeader("X-Content-Type-Options", "nosniff")
        .putHeader("Content-Security-Policy", "sandbox")
        .putHeader("Content-Disposition", "attachment");
  }

  /** Gives the media type as it was said, as long as it can stand in a header. */
  static void type(HttpServerResponse response, @Nullable String type) {
    response.putHeader(
        HttpHeaders.CONTENT_TYPE,
        type == null || type.isBlank() || type.chars().anyMatch(c -> c < ' ' || c > '~')
            ? OCTETS
            : type);
  }
}

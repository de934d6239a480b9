package io.bgfetch.client;

import java.io.IOException;
import java.io.InputStream;

/**
 * A request body that is too large for memory: opened when it is sent, and opened again, from its
 * beginning, when the registration has to be sent again. It may be that of many requests and is
 * then sent once. Other objects are other bodies, whatever is in them.
 *
 * <pre>{@code
 * BodySource backup = () -> Files.newInputStream(Path.of("backup.tar"));
 * manager.fetch(
 *     "upload",
 *     List.of(FetchRequest.of("https://example.com/").withMethod("PUT").withBody(backup)));
 * }</pre>
 */
@FunctionalInterface
public interface BodySource {
  /**
   * The body from its beginning; closed by the client. Called on a thread of the HTTP client, or on
   * that which registers.
   *
   * @throws IOException when it cannot be read; nothing is registered then
   */
  InputStream open() throws IOException;
}

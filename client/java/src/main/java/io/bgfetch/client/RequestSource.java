package io.bgfetch.client;

import java.io.IOException;
import java.util.stream.Stream;

/**
 * A list of requests of any length that can be walked more than once: opened for each time that the
 * registration is sent. Every time it must give the same requests in the same order, since the
 * gateway takes a repeated registration only for the same one when it is.
 *
 * <pre>{@code
 * RequestSource urls = () -> Files.lines(Path.of("urls.txt")).map(FetchRequest::of);
 * manager.fetch("nightly", urls, BackgroundFetchOptions.none());
 * }</pre>
 */
@FunctionalInterface
public interface RequestSource {
  /**
   * The requests from the first one on; closed by the client.
   *
   * @throws IOException when they cannot be read; nothing is registered then
   */
  Stream<FetchRequest> open() throws IOException;
}

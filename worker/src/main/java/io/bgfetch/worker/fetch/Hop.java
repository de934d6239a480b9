package io.bgfetch.worker.fetch;

import io.bgfetch.fetch.FetchRequest;
import io.bgfetch.outgoing.NetworkError;
import io.bgfetch.seal.HeaderSeal;
import io.bgfetch.seal.SealException;
import io.bgfetch.url.WebUrl;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/**
 * One request of a fetch: the first one, or one that a redirect led to.
 *
 * @param headers lower-case names; the secret ones are open here, on their way out
 * @param withBody whether the record's request body goes along
 * @param redirects how many redirects led here
 */
record Hop(
    WebUrl url, String method, Map<String, String> headers, boolean withBody, int redirects) {

  /**
   * The request that a record asks for.
   *
   * @throws FetchFailure if one of its secret headers cannot be opened
   */
  static Hop first(FetchRequest request, HeaderSeal seal) {
    return new Hop(
        WebUrl.parse(request.url()),
        request.method(),
        opened(request, seal),
        request.body() != null,
        0);
  }

  /** The same request for what comes behind so many bytes, in the form in which they came. */
  Hop from(long position) {
    Map<String, String> ranged = new HashMap<>(headers);
    ranged.put("range", "bytes=" + position + "-");
    ranged.put("accept-encoding", "identity");
    return new Hop(url, method, Map.copyOf(ranged), withBody, redirects);
  }

  private static Map<String, String> opened(FetchRequest request, HeaderSeal seal) {
    Map<String, String> headers = new HashMap<>(request.headers());
    request
        .sealedHeaders()
        .forEach(
            (name, header) -> {
              try {
                headers.put(name, seal.open(name, header));
              } catch (SealException notOurs) {
                throw new FetchFailure(
                    NetworkError.lasting(Objects.requireNonNull(notOurs.getMessage())));
              }
            });
    return Map.copyOf(headers);
  }

  /** Without the headers: they may carry secrets. */
  @Override
  public String toString() {
    return method + " " + url;
  }
}

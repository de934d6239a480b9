package io.bgfetch.gateway.registering;

import io.bgfetch.fetch.SealedHeader;
import io.bgfetch.seal.HeaderSeal;
import io.bgfetch.seal.SecretHeaders;
import java.util.HashMap;
import java.util.Map;

/**
 * Takes secrets out of the headers of requests, before anything of a request is stored or sent on.
 *
 * @param secrets which headers carry them
 */
public record HeaderSealing(SecretHeaders secrets, HeaderSeal seal) {

  /** Headers of lower-case names, those with secrets sealed and the others as they are. */
  RequestHeaders of(Map<String, String> headers) {
    Map<String, String> open = new HashMap<>();
    Map<String, SealedHeader> sealed = new HashMap<>();
    headers.forEach(
        (name, value) -> {
          if (secrets.contains(name)) {
            sealed.put(name, seal.seal(name, value));
          } else {
            open.put(name, value);
          }
        });
    return new RequestHeaders(open, sealed);
  }

  /** Headers as a request keeps them: a name is in one of the two. */
  record RequestHeaders(Map<String, String> open, Map<String, SealedHeader> sealed) {}
}

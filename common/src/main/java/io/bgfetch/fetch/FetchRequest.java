package io.bgfetch.fetch;

import io.bgfetch.blob.StoredBody;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What one record asks for, checked and normalized.
 *
 * @param url serialized by the URL standard, with its fragment if it had one
 * @param method normalized as in Fetch: {@code get} is {@code GET}, {@code patch} stays
 * @param headers lower-case names, values of one name joined by {@code ", "}
 * @param sealedHeaders those headers that carry secrets, by lower-case names, which {@code headers}
 *     does not have
 * @param body null where the request has none
 * @param redirect what a redirect does to the fetch
 * @param integrity subresource integrity metadata (SRI), null where none was given
 */
public record FetchRequest(
    String url,
    String method,
    Map<String, String> headers,
    Map<String, SealedHeader> sealedHeaders,
    @Nullable StoredBody body,
    RedirectMode redirect,
    @Nullable String integrity) {

  private static final Set<String> SAFE_METHODS = Set.of("GET", "HEAD", "OPTIONS");

  public FetchRequest {
    headers = Map.copyOf(headers);
    // Messages of the version before have none.
    sealedHeaders = sealedHeaders == null ? Map.of() : Map.copyOf(sealedHeaders);
  }

  /** A plain GET that follows redirects. */
  public static FetchRequest get(String url) {
    return new FetchRequest(url, "GET", Map.of(), Map.of(), null, RedirectMode.FOLLOW, null);
  }

  /** Whether the method is one that may be sent more than once (RFC 9110, section 9.2.1). */
  public boolean safe() {
    return SAFE_METHODS.contains(method);
  }

  /** Length of the request body in bytes. */
  public long bodySize() {
    return body == null ? 0 : body.size();
  }
}

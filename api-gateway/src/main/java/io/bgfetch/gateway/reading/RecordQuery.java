package io.bgfetch.gateway.reading;

import io.bgfetch.fetch.RecordResponse;
import io.bgfetch.fetch.SealedHeader;
import io.bgfetch.seal.HeaderSeal;
import io.bgfetch.url.WebUrl;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/**
 * What records are asked for: a request, and what of it does not matter. Matching is that of the
 * Service Workers standard's cache ("request matches cached item").
 *
 * @param headers by lower-case names, values of one name joined by {@code ", "}
 */
public record RecordQuery(
    WebUrl url,
    Map<String, String> headers,
    boolean ignoreSearch,
    boolean ignoreMethod,
    boolean ignoreVary) {

  public RecordQuery {
    headers = Map.copyOf(headers);
  }

  /**
   * Whether this is one of the records that are asked for.
   *
   * @param seal with which headers that carry secrets were sealed
   */
  boolean matches(StoredRecord record, HeaderSeal seal) {
    return matchesMethod(record) && matchesUrl(record) && matchesVary(record, seal);
  }

  /** Only GET requests are found, unless the method does not matter; the query's own never does. */
  private boolean matchesMethod(StoredRecord record) {
    return ignoreMethod || record.method().equals("GET");
  }

  private boolean matchesUrl(StoredRecord record) {
    String stored = withoutFragment(record.url());
    return ignoreSearch
        ? upTo('?', stored).equals(url.hrefWithoutQueryAndFragment())
        : stored.equals(url.hrefWithoutFragment());
  }

  private boolean matchesVary(StoredRecord record, HeaderSeal seal) {
    RecordResponse response = record.response();
    String vary = response == null ? null : response.headers().get("vary");
    if (ignoreVary || vary == null) {
      return true;
    }
    for (String field : vary.split(",", -1)) {
      String name = field.strip().toLowerCase(Locale.ROOT);
      if (name.equals("*") || !isEqual(name, record, seal)) {
        return false;
      }
    }
    return true;
  }

  /** A secret is not known here: its MAC tells whether the other value is the same. */
  private boolean isEqual(String name, StoredRecord record, HeaderSeal seal) {
    String asked = headers.get(name);
    SealedHeader sealed = record.sealedHeaders().get(name);
    return sealed == null
        ? Objects.equals(record.headers().get(name), asked)
        : asked != null && sealed.mac().equals(seal.mac(name, asked));
  }

  /** A serialized URL has no number sign but the one before its fragment. */
  static String withoutFragment(String serialized) {
    return upTo('#', serialized);
  }

  private static String upTo(char mark, String text) {
    int end = text.indexOf(mark);
    return end < 0 ? text : text.substring(0, end);
  }
}

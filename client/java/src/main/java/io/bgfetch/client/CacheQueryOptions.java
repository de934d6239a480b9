package io.bgfetch.client;

import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * What {@code match} and {@code matchAll} look away from, as in the Service Workers standard.
 *
 * <pre>{@code
 * CacheQueryOptions anyQuery = new CacheQueryOptions(true, false, false);
 * registration.matchAll(FetchRequest.of("/search"), anyQuery)
 *     .forEach(found -> System.out.println(found.request().url()));
 * }</pre>
 *
 * @param ignoreSearch the query of the URL
 * @param ignoreMethod that a record's request is not a GET
 * @param ignoreVary the {@code Vary} header of a record's response
 */
public record CacheQueryOptions(boolean ignoreSearch, boolean ignoreMethod, boolean ignoreVary) {
  /** Look away from nothing. */
  public static final CacheQueryOptions NONE = new CacheQueryOptions(false, false, false);

  ObjectNode json() {
    return Json.object()
        .put("ignoreSearch", ignoreSearch)
        .put("ignoreMethod", ignoreMethod)
        .put("ignoreVary", ignoreVary);
  }
}

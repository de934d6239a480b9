package io.bgfetch.gateway.reading;

import org.jspecify.annotations.Nullable;

/**
 * The body of a request, open for one reader, who closes it.
 *
 * @param contentType that its request names, null where it names none
 */
public record RequestBody(@Nullable String contentType, StoredReading bytes) {}

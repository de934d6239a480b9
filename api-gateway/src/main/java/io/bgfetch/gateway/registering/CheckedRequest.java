package io.bgfetch.gateway.registering;

import io.bgfetch.fetch.FetchRequest;

/**
 * One request of the list as it will be stored.
 *
 * @param request its body, if it has one, still in memory
 * @param urlKey hash by which {@code match} finds it
 */
record CheckedRequest(FetchRequest request, long urlKey) {}

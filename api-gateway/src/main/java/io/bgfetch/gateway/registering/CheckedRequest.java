package io.bgfetch.gateway.registering;

import io.bgfetch.blob.StoredBody;
import io.bgfetch.fetch.FetchRequest;
import org.jspecify.annotations.Nullable;

/**
 * One request of the list as it will be stored.
 *
 * @param request its body, if it has one, still in memory
 * @param urlKey hash by which {@code match} finds it
 * @param bodyPart the part of the form that will be its body, null where none is
 */
record CheckedRequest(FetchRequest request, long urlKey, @Nullable String bodyPart) {

  /** The same request with its body where it will stay. */
  CheckedRequest withBody(StoredBody body) {
    FetchRequest with =
        new FetchRequest(
            request.url(),
            request.method(),
            request.headers(),
            request.sealedHeaders(),
            body,
            request.redirect(),
            request.integrity());
    return new CheckedRequest(with, urlKey, null);
  }
}

package io.bgfetch.gateway.registering;

import java.util.ArrayList;
import java.util.List;

/** Some neighbouring requests of a list, stored by one statement. */
final class RequestBatch {

  private static final int MOST_REQUESTS = 1_000;
  private static final long MOST_BYTES = 1 << 20;
  private static final int OVERHEAD = 128;

  private final int firstIndex;
  private final List<CheckedRequest> requests = new ArrayList<>();
  private long bytes;

  RequestBatch(int firstIndex) {
    this.firstIndex = firstIndex;
  }

  void add(CheckedRequest request) {
    requests.add(request);
    bytes += OVERHEAD + request.request().url().length() + request.request().bodySize();
    request.request().headers().forEach((name, value) -> bytes += name.length() + value.length());
  }

  /** Whether it has become so long that it is to be stored. */
  boolean full() {
    return requests.size() >= MOST_REQUESTS || bytes >= MOST_BYTES;
  }

  int firstIndex() {
    return firstIndex;
  }

  List<CheckedRequest> requests() {
    return requests;
  }

  int size() {
    return requests.size();
  }

  /** The index of the request that follows this batch. */
  int nextIndex() {
    return firstIndex + requests.size();
  }
}

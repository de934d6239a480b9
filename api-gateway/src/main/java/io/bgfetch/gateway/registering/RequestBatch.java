package io.bgfetch.gateway.registering;

import io.bgfetch.blob.StoredBody;
import io.bgfetch.fetch.FetchRequest;
import io.bgfetch.fetch.SealedHeader;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

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
    bytes += OVERHEAD + bytes(request.request());
  }

  /** What it takes in a statement, about. */
  private static long bytes(FetchRequest request) {
    long sum = request.url().length();
    for (Map.Entry<String, String> header : request.headers().entrySet()) {
      sum += header.getKey().length() + header.getValue().length();
    }
    for (Map.Entry<String, SealedHeader> header : request.sealedHeaders().entrySet()) {
      SealedHeader value = header.getValue();
      sum += header.getKey().length() + value.sealed().length() + value.mac().length();
    }
    String integrity = request.integrity();
    sum += integrity == null ? 0 : integrity.length();
    return request.body() instanceof StoredBody.Inline inline ? sum + inline.size() : sum;
  }

  /** Whether it has become so long that it is to be stored. */
  boolean full() {
    return requests.size() >= MOST_REQUESTS || bytes >= MOST_BYTES;
  }

  /** What it takes in a statement, about. */
  long bytes() {
    return bytes;
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

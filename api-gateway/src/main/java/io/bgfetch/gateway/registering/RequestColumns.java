package io.bgfetch.gateway.registering;

import io.bgfetch.fetch.FetchRequest;
import io.bgfetch.gateway.database.RecordColumns;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Tuple;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/** A batch of requests by columns, as {@code unnest} takes them. */
final class RequestColumns {

  private final List<CheckedRequest> requests;

  private RequestColumns(List<CheckedRequest> requests) {
    this.requests = requests;
  }

  static RequestColumns of(RequestBatch batch) {
    return new RequestColumns(batch.requests());
  }

  /** Those of several registrations, one after the other. */
  static RequestColumns of(List<RequestBatch> batches) {
    return new RequestColumns(
        batches.stream().flatMap(batch -> batch.requests().stream()).toList());
  }

  /** Adds the columns in the order of the statements. */
  Tuple addTo(Tuple tuple) {
    return tuple
        .addArrayOfString(column(FetchRequest::url, String[]::new))
        .addArrayOfLong(requests.stream().map(CheckedRequest::urlKey).toArray(Long[]::new))
        .addArrayOfString(column(FetchRequest::method, String[]::new))
        .addArrayOfString(column(RequestColumns::headers, String[]::new))
        .addArrayOfLong(column(FetchRequest::bodySize, Long[]::new))
        .addArrayOfBuffer(column(request -> RecordColumns.inline(request.body()), Buffer[]::new))
        .addArrayOfString(column(request -> RecordColumns.segments(request.body()), String[]::new))
        .addArrayOfString(column(request -> request.redirect().wireName(), String[]::new))
        .addArrayOfString(column(FetchRequest::integrity, String[]::new))
        .addArrayOfString(
            column(request -> RecordColumns.sealedHeaders(request.sealedHeaders()), String[]::new));
  }

  private <T extends @Nullable Object> T[] column(
      Function<FetchRequest, T> value, IntFunction<T[]> array) {
    return requests.stream().map(CheckedRequest::request).map(value).toArray(array);
  }

  private static @Nullable String headers(FetchRequest request) {
    return request.headers().isEmpty()
        ? null
        : new JsonObject(Map.copyOf(request.headers())).encode();
  }
}

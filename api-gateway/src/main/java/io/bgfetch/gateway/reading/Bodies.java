package io.bgfetch.gateway.reading;

import io.bgfetch.blob.BlobStore;
import io.bgfetch.blob.StoredBody;
import io.bgfetch.fetch.FetchResult;
import io.bgfetch.fetch.RecordResponse;
import io.bgfetch.gateway.database.RecordColumns;
import io.bgfetch.gateway.database.StoredRegistration;
import io.bgfetch.gateway.problem.Problem;
import io.bgfetch.gateway.problem.ProblemException;
import io.bgfetch.lifecycle.Part;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.streams.WriteStream;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowIterator;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** The bodies of responses, read from rows and from the blob store. */
public final class Bodies implements Part {

  private static final int THREADS = 8;
  private static final Duration WARN_AFTER = Duration.ofMinutes(1);

  private final Pool pool;
  private final BlobStore blobs;
  private final WorkerExecutor blocking;

  public Bodies(Vertx vertx, Pool pool, BlobStore blobs) {
    this.pool = pool;
    this.blobs = blobs;
    this.blocking =
        vertx.createSharedWorkerExecutor(
            "bgfetch-bodies", THREADS, WARN_AFTER.toNanos(), TimeUnit.NANOSECONDS);
  }

  @Override
  public Future<Void> start() {
    return Future.succeededFuture();
  }

  @Override
  public Future<Void> stop() {
    return blocking.close();
  }

  /** The body of a record, or the problem why it cannot be read. */
  public Future<CompleteBody> find(StoredRegistration of, int index) {
    return Records.requireAvailable(of)
        .compose(
            available ->
                pool.preparedQuery(RecordSql.BODY)
                    .execute(Tuple.of(Records.tenant(of), of.uid(), index)))
        .map(
            rows -> {
              RowIterator<Row> found = rows.iterator();
              if (!found.hasNext()) {
                throw Problem.notFound("there is no such record").toException();
              }
              return body(found.next(), of.active());
            });
  }

  private static CompleteBody body(Row row, boolean active) {
    FetchResult result =
        row.getString("result") == null
            ? (active ? FetchResult.NONE : FetchResult.ABORTED)
            : FetchResult.ofWireName(row.getString("result")).orElseThrow();
    StoredBody bytes =
        RecordColumns.body(row.getBuffer("body_inline"), row.getJsonArray("body_segments"));
    String digest = row.getString("digest");
    if (!result.readable() || bytes == null || digest == null) {
      throw unreadable(result, row);
    }
    RecordResponse response = RecordColumns.response(row.getJsonObject("response"));
    String type = response == null ? null : response.headers().get("content-type");
    return new CompleteBody(bytes, type, digest);
  }

  private static ProblemException unreadable(FetchResult result, Row row) {
    Problem problem =
        switch (result) {
          case NONE -> Problem.invalidState("the response is not complete yet");
          case ABORTED -> Problem.conflict("AbortError", "the fetch was aborted");
          default -> {
            String error = row.getString("error");
            yield Problem.conflict("TypeError", error == null ? result.wireName() : error);
          }
        };
    return problem.toException();
  }

  /**
   * Writes a part of a body and does not end the stream. No faster is read than the stream takes.
   * Where it fails the stream has got less than the part.
   */
  public Future<Void> send(CompleteBody body, ByteRange range, WriteStream<Buffer> to) {
    return switch (body.bytes()) {
      case StoredBody.Inline inline ->
          to.write(
              Buffer.buffer(inline.bytes())
                  .slice(Math.toIntExact(range.first()), Math.toIntExact(range.last() + 1)));
      case StoredBody.Segments segments ->
          new SegmentReading(segments, range, blobs, blocking).sendTo(to);
    };
  }
}

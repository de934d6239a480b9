package io.bgfetch.gateway.reading;

import io.bgfetch.blob.StoredBody;
import io.bgfetch.gateway.database.RecordColumns;
import io.bgfetch.gateway.problem.Problem;
import io.bgfetch.gateway.reading.BodyState.Arriving;
import io.bgfetch.gateway.reading.BodyState.Awaited;
import io.bgfetch.gateway.reading.BodyState.Complete;
import io.bgfetch.gateway.reading.BodyState.Unreadable;
import io.bgfetch.gateway.reading.ReaderLeases.Lease;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowIterator;
import io.vertx.sqlclient.Tuple;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The bodies of responses and requests. Whoever began to read one may finish, also when the records
 * are released or expire meanwhile.
 */
public final class Bodies {

  private final Pool pool;
  private final RecordLooks looks;
  private final RecordWatch watch;
  private final ReaderLeases leases;
  private final BlobReads blobs;

  public Bodies(Pool pool, RecordWatch watch, ReaderLeases leases, BlobReads blobs) {
    this.pool = pool;
    this.looks = new PgRecordLooks(pool);
    this.watch = watch;
    this.leases = leases;
    this.blobs = blobs;
  }

  /** Opens the body of a record's response, or fails with the problem why it cannot be read. */
  public Future<OpenBody> open(RecordKey key) {
    return openLeased(
        key,
        () -> look(key),
        seen -> seen instanceof Arriving || seen instanceof Complete c && isLong(c.body().bytes()),
        (seen, lease) -> opened(key, seen, lease));
  }

  private OpenBody opened(RecordKey key, BodyState seen, Lease lease) {
    return switch (seen) {
      case Awaited early ->
          throw Problem.invalidState("the response is not known yet").toException();
      case Unreadable ended -> throw ended.why().toException();
      case Arriving arriving ->
          new OpenBody.Live(new LiveReading(arriving.head(), lease, blobs).begin(key, watch));
      case Complete complete ->
          new OpenBody.Whole(
              complete.body(),
              new StoredReading(complete.body().bytes(), lease, blobs, () -> check(key)));
    };
  }

  private Future<BodyState> look(RecordKey key) {
    return looks.look(key).map(RecordSight::toBegin);
  }

  private Future<BodyState> check(RecordKey key) {
    return look(key)
        .map(
            seen -> {
              if (seen instanceof Unreadable ended) {
                throw ended.why().toException();
              }
              return seen;
            });
  }

  /** Opens the body of a record's request, or fails with the problem why it cannot be read. */
  public Future<RequestBody> openRequest(RecordKey key) {
    return openLeased(
        key,
        () -> findRequest(key),
        found -> isLong(found.bytes()),
        (found, lease) ->
            new RequestBody(
                found.contentType(),
                new StoredReading(found.bytes(), lease, blobs, () -> findRequest(key))));
  }

  private record FoundRequest(@Nullable String contentType, StoredBody bytes) {}

  private Future<FoundRequest> findRequest(RecordKey key) {
    return pool.preparedQuery(RecordSql.REQUEST_BODY)
        .execute(Tuple.of(key.tenant(), key.uid(), key.index()))
        .map(
            rows -> {
              RowIterator<Row> found = rows.iterator();
              if (!found.hasNext()) {
                throw Problem.notFound("there is no such record").toException();
              }
              return request(found.next());
            });
  }

  private static FoundRequest request(Row row) {
    if (!row.getBoolean("available")) {
      throw Records.NOT_AVAILABLE.toException();
    }
    StoredBody bytes =
        RecordColumns.body(row.getBuffer("body_inline"), row.getJsonArray("body_segments"));
    if (bytes == null) {
      throw Problem.notFound("the request has no body").toException();
    }
    JsonObject headers = row.getJsonObject("headers");
    return new FoundRequest(headers == null ? null : headers.getString("content-type"), bytes);
  }

  /** How something that was found is opened under a lease. */
  private interface Opening<F, O> {
    O open(F found, Lease lease);
  }

  /**
   * What takes long to read gets a lease, and is then looked for again: from then on it is sure to
   * stay. What is in the row, or in one segment, is as good as read.
   */
  private <F, O> Future<O> openLeased(
      RecordKey key, Supplier<Future<F>> find, Predicate<F> takesLong, Opening<F, O> opening) {
    return find.get()
        .compose(
            found ->
                takesLong.test(found)
                    ? leases.take(key.uid()).compose(lease -> again(lease, find, opening))
                    : Future.succeededFuture(found).map(it -> opening.open(it, Lease.NONE)));
  }

  private static <F, O> Future<O> again(
      Lease lease, Supplier<Future<F>> find, Opening<F, O> opening) {
    return find.get()
        .map(found -> opening.open(found, lease))
        .onFailure(unreadable -> lease.drop());
  }

  private static boolean isLong(StoredBody bytes) {
    return bytes instanceof StoredBody.Segments all && all.segments().size() > 1;
  }
}

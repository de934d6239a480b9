package io.bgfetch.gateway.registering;

import static io.bgfetch.gateway.registering.RetrySql.COPY_FAILED;
import static io.bgfetch.gateway.registering.RetrySql.FIND_SOURCE;

import io.bgfetch.blob.StoredBody;
import io.bgfetch.fetch.Registration;
import io.bgfetch.fetch.RetryPolicy;
import io.bgfetch.fetch.Timeouts;
import io.bgfetch.gateway.database.RecordColumns;
import io.bgfetch.gateway.database.RegistrationRows;
import io.bgfetch.gateway.database.Registrations;
import io.bgfetch.gateway.problem.Problem;
import io.bgfetch.gateway.problem.ProblemException;
import io.bgfetch.url.WebUrl;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeoutException;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/** Registrations whose failed records are registered again, in Postgres. */
final class RetryStore {

  /** Requests that one statement looks at. */
  static final int PAGE = 5_000;

  private final Pool pool;
  private final Registrations registrations;

  RetryStore(Pool pool, Registrations registrations) {
    this.pool = pool;
    this.registrations = registrations;
  }

  /** A registration and what it said about itself. */
  record Source(Registration registration, RegistrationHead head) {}

  /**
   * Requests that were copied.
   *
   * @param uploadBytes of their bodies
   * @param bodies those that are in the blob store, under the names of the old registration
   */
  record Page(int requests, long uploadBytes, boolean allGet, List<SegmentedBody> bodies) {}

  /**
   * A body in the blob store.
   *
   * @param index of the request that will have it
   */
  record SegmentedBody(int index, StoredBody.Segments segments) {}

  /** The registration that a reference means, or the problem that there is none. */
  Future<Source> source(String tenant, String ref) {
    return registrations
        .find(tenant, ref)
        .compose(
            found ->
                found.isPresent()
                    ? source(tenant, found.get().uid())
                    : Future.failedFuture(notThere()));
  }

  Future<Source> source(String tenant, UUID uid) {
    return pool.preparedQuery(FIND_SOURCE)
        .execute(Tuple.of(tenant, uid))
        .map(
            rows ->
                StreamSupport.stream(rows.spliterator(), false)
                    .findFirst()
                    .map(row -> new Source(RegistrationRows.registration(row), head(row)))
                    .orElseThrow(RetryStore::notThere));
  }

  private static ProblemException notThere() {
    return Problem.notFound("there is no such registration").toException();
  }

  private static RegistrationHead head(Row row) {
    Registration registration = RegistrationRows.registration(row);
    String base = row.getString("base");
    return new RegistrationHead(
        registration.id(),
        base == null ? null : WebUrl.parse(base),
        registration.title(),
        registration.icons(),
        registration.downloadTotal(),
        new RetryPolicy(
            row.getInteger("retry_limit"),
            Set.of(row.getArrayOfIntegers("retry_statuses")),
            row.getBoolean("retry_unsafe")),
        new Timeouts(
            millis(row, "connect_millis"),
            millis(row, "first_byte_millis"),
            millis(row, "idle_millis"),
            millis(row, "total_millis")),
        row.getLong("retention_seconds"));
  }

  private static Duration millis(Row row, String column) {
    return Duration.ofMillis(row.getLong(column));
  }

  /**
   * Copies the failed ones of {@link #PAGE} requests to a registration that is loading.
   *
   * @param first request to look at
   * @param firstIndex that the first failed one gets
   */
  Future<Page> copyFailed(UUID to, UUID from, int first, int firstIndex) {
    long end = Math.min((long) first + PAGE, Integer.MAX_VALUE);
    return pool.preparedQuery(COPY_FAILED)
        .execute(Tuple.of(to, from, first, (int) end, firstIndex))
        .map(rows -> rows.iterator().next())
        .compose(
            row ->
                row.getBoolean("touched")
                    ? Future.succeededFuture(page(row))
                    : Future.failedFuture(new TimeoutException("the loading was abandoned")));
  }

  private static Page page(Row row) {
    return new Page(
        row.getInteger("requests"),
        row.getLong("upload_bytes"),
        row.getBoolean("all_get"),
        bodies(row.getJsonArray("bodies")));
  }

  private static List<SegmentedBody> bodies(@Nullable JsonArray bodies) {
    return bodies == null
        ? List.of()
        : bodies.stream().map(JsonObject.class::cast).map(RetryStore::body).toList();
  }

  private static SegmentedBody body(JsonObject body) {
    return new SegmentedBody(
        body.getInteger("index"), RecordColumns.segments(body.getJsonArray("segments")));
  }
}

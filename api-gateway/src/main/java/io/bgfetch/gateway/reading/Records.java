package io.bgfetch.gateway.reading;

import static io.bgfetch.gateway.reading.RecordSql.PAGE;
import static io.bgfetch.gateway.reading.RecordSql.PAGE_OF_RESULTS;
import static io.bgfetch.gateway.reading.RecordSql.PAGE_OF_URL;

import io.bgfetch.fetch.FetchResult;
import io.bgfetch.gateway.database.StoredRegistration;
import io.bgfetch.gateway.problem.Problem;
import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Tuple;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.StreamSupport;

/**
 * The records of registrations, while they are available; after that every question is an
 * InvalidStateError. Pages go on behind an index; -1 is before the first one.
 */
public final class Records {

  /** Before the first record: where a list begins. */
  public static final int START = -1;

  /** They were released, or have expired. */
  static final Problem NOT_AVAILABLE =
      Problem.invalidState("the records are not available any more");

  /** How many records a page of some results looks at before it leaves the rest to the next. */
  private static final int WINDOW = 100_000;

  private final Pool pool;

  public Records(Pool pool) {
    this.pool = pool;
  }

  public Future<RecordPage> page(StoredRegistration of, int behind, int limit) {
    return query(PAGE, of, Tuple.of(tenant(of), of.uid(), behind, limit + 1))
        .map(found -> RecordPage.of(found, limit));
  }

  /** Those that ended so. A page may be short, and even empty, without being the last. */
  public Future<RecordPage> page(
      StoredRegistration of, Set<FetchResult> results, int behind, int limit) {
    int window = (int) Math.min((long) behind + WINDOW, Integer.MAX_VALUE);
    String withoutOutcome = of.active() ? "" : FetchResult.ABORTED.wireName();
    String[] wanted = results.stream().map(FetchResult::wireName).toArray(String[]::new);
    Tuple tuple =
        Tuple.of(tenant(of), of.uid(), behind, limit + 1, withoutOutcome).addArrayOfString(wanted);
    boolean last = window >= of.registration().records().total() - 1;
    return query(PAGE_OF_RESULTS, of, tuple.addInteger(window))
        .map(found -> RecordPage.of(found, limit))
        .map(
            page ->
                page.next().isPresent() || last
                    ? page
                    : new RecordPage(page.records(), OptionalInt.of(window)));
  }

  /** The record of this index; empty where there is none. */
  public Future<Optional<StoredRecord>> find(StoredRegistration of, int index) {
    return query(PAGE, of, Tuple.of(tenant(of), of.uid(), index - 1, 1))
        .map(found -> found.stream().filter(record -> record.index() == index).findFirst());
  }

  /** Those whose URL may match: the rest is compared in code. */
  Future<List<StoredRecord>> ofUrl(StoredRegistration of, long urlKey, int behind, int limit) {
    return query(PAGE_OF_URL, of, Tuple.of(tenant(of), of.uid(), behind, limit, urlKey));
  }

  private Future<List<StoredRecord>> query(String sql, StoredRegistration of, Tuple tuple) {
    return requireAvailable(of)
        .compose(available -> pool.preparedQuery(sql).execute(tuple))
        .map(
            rows ->
                StreamSupport.stream(rows.spliterator(), false)
                    .map(row -> StoredRecord.of(row, of))
                    .toList());
  }

  /** Whose records they are: the tenant for whom the registration was found. */
  static String tenant(StoredRegistration of) {
    return of.registration().tenant();
  }

  static Future<Void> requireAvailable(StoredRegistration of) {
    return of.registration().recordsAvailable()
        ? Future.succeededFuture()
        : Future.failedFuture(NOT_AVAILABLE.toException());
  }
}

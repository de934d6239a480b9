package io.bgfetch.gateway.reading;

import io.bgfetch.gateway.database.StoredRegistration;
import io.bgfetch.seal.HeaderSeal;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** Finds the records that match a request, by an index of their URLs. */
public final class Matching {

  private static final int AT_ONCE = 1_000;

  /** A page looks at so many candidates at most and leaves the rest to the next. */
  private static final int CANDIDATES = 20 * AT_ONCE;

  private final Records records;
  private final HeaderSeal seal;

  public Matching(Records records, HeaderSeal seal) {
    this.records = records;
    this.seal = seal;
  }

  /** The first one that matches. */
  public Future<Optional<StoredRecord>> first(StoredRegistration of, RecordQuery query) {
    return firstBehind(of, query, Records.START);
  }

  private Future<Optional<StoredRecord>> firstBehind(
      StoredRegistration of, RecordQuery query, int behind) {
    return page(of, query, behind, 1)
        .compose(
            page ->
                page.records().isEmpty() && page.next().isPresent()
                    ? firstBehind(of, query, page.next().getAsInt())
                    : Future.succeededFuture(page.records().stream().findFirst()));
  }

  /** A page of those that match. It may be short, and even empty, without being the last. */
  public Future<RecordPage> page(StoredRegistration of, RecordQuery query, int behind, int limit) {
    return new Search(of, query, limit).from(behind);
  }

  private final class Search {

    private final StoredRegistration of;
    private final RecordQuery query;
    private final int limit;
    private final List<StoredRecord> found = new ArrayList<>();
    private int seen;

    Search(StoredRegistration of, RecordQuery query, int limit) {
      this.of = of;
      this.query = query;
      this.limit = limit;
    }

    Future<RecordPage> from(int behind) {
      return records
          .ofUrl(of, query.url().urlKey(), behind, AT_ONCE)
          .compose(
              candidates -> {
                candidates.stream()
                    .filter(candidate -> query.matches(candidate, seal))
                    .forEach(found::add);
                seen += candidates.size();
                return candidates.size() < AT_ONCE || found.size() > limit || seen >= CANDIDATES
                    ? Future.succeededFuture(page(candidates))
                    : from(candidates.getLast().index());
              });
    }

    private RecordPage page(List<StoredRecord> last) {
      RecordPage page = RecordPage.of(found, limit);
      return page.next().isPresent() || last.size() < AT_ONCE
          ? page
          : new RecordPage(found, OptionalInt.of(last.getLast().index()));
    }
  }
}

package io.bgfetch.gateway.reading;

import io.bgfetch.blob.StoredBody.Segment;
import io.bgfetch.gateway.reading.BodyState.Arriving;
import io.vertx.core.Future;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Looks at records, all of a tenant's at once. */
interface RecordLooks {

  /**
   * A record to look at.
   *
   * @param before what is known of it: a manifest that is still the same is not read again
   */
  record Wanted(RecordKey key, @Nullable Arriving before) {

    List<Segment> segments() {
      return before == null ? List.of() : before.stored();
    }

    /** The name of the first segment that is known, null where none is. */
    @Nullable String firstSegment() {
      return segments().isEmpty() ? null : segments().getFirst().key();
    }
  }

  /** A sight of each of these records of a tenant. */
  Future<Map<RecordKey, RecordSight>> look(String tenant, List<Wanted> wanted);

  /** A sight of one record. */
  default Future<RecordSight> look(RecordKey key) {
    return look(key.tenant(), List.of(new Wanted(key, null)))
        .map(seen -> seen.getOrDefault(key, RecordSight.NOTHING));
  }
}

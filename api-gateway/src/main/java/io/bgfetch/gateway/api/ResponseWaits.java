package io.bgfetch.gateway.api;

import io.bgfetch.gateway.reading.ReadyWait;
import io.bgfetch.gateway.reading.RecordKey;
import io.bgfetch.gateway.reading.RecordWatch;
import io.vertx.core.Future;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.Optional;

/** The wait for a record's response, as long as its client prefers and is there. */
final class ResponseWaits {

  private final RecordWatch records;

  ResponseWaits(RecordWatch records) {
    this.records = records;
  }

  /** Ends with the wait; answers whether there was one. */
  Future<Boolean> asPreferred(RoutingContext rc, RecordKey key) {
    Optional<Duration> atMost = PreferredWait.of(rc);
    if (atMost.isEmpty()) {
      return Future.succeededFuture(false);
    }
    ReadyWait wait = records.ready(key, atMost.get());
    rc.response().closeHandler(gone -> wait.end());
    return wait.over().map(true);
  }
}

package io.bgfetch.gateway.api;

import io.bgfetch.gateway.stats.Stats;
import io.bgfetch.gateway.stats.TenantStats;
import io.bgfetch.gateway.stats.TenantStats.Interval;
import io.bgfetch.gateway.stats.Workers;
import io.bgfetch.gateway.stats.Workers.Living;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.time.temporal.ChronoUnit;
import java.util.List;

/**
 * {@code /v1/workers} and {@code /v1/stats}: who works, and how much. Workers are those of the
 * whole cluster, and for every tenant the same; the rest is the tenant's own.
 */
public final class StatsResource {

  private final Workers workers;
  private final Stats stats;

  public StatsResource(Workers workers, Stats stats) {
    this.workers = workers;
    this.stats = stats;
  }

  Future<JsonObject> workers(RoutingContext rc) {
    return workers.living().map(StatsResource::workers);
  }

  private static JsonObject workers(List<Living> living) {
    JsonArray json = new JsonArray();
    for (Living one : living) {
      json.add(
          new JsonObject()
              .put("id", one.id())
              .put("startedAt", one.startedAt().truncatedTo(ChronoUnit.MILLIS))
              .put("lastReportAt", one.lastReportAt().truncatedTo(ChronoUnit.MILLIS))
              .put("running", one.running())
              .put("bytesPerSecond", one.bytesPerSecond()));
    }
    return new JsonObject().put("workers", json);
  }

  Future<JsonObject> stats(RoutingContext rc) {
    return stats.of(Tenant.of(rc)).map(StatsResource::stats);
  }

  private static JsonObject stats(TenantStats stats) {
    JsonArray points = new JsonArray();
    stats.intervals().forEach(interval -> points.add(point(interval)));
    return new JsonObject()
        .put("waiting", stats.waiting())
        .put("running", stats.running())
        .put("intervalSeconds", TenantStats.intervalLength().toSeconds())
        .put("points", points);
  }

  private static JsonObject point(Interval interval) {
    return new JsonObject()
        .put("at", interval.at())
        .put("bytesPerSecond", perSecond(interval.traffic().bytes()))
        .put("fetchesPerSecond", perSecond(interval.traffic().fetches()));
  }

  /** Exact, so that what the points add up to is what there was; whole numbers without a point. */
  private static Number perSecond(long count) {
    long seconds = TenantStats.intervalLength().toSeconds();
    if (count % seconds == 0) {
      return count / seconds;
    }
    return count / (double) seconds;
  }
}

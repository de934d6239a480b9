package io.bgfetch.gateway.api;

import io.bgfetch.gateway.database.Registrations;
import io.bgfetch.gateway.database.StoredRegistration;
import io.bgfetch.gateway.news.Audience;
import io.bgfetch.gateway.news.NewsFeed;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.ext.web.RoutingContext;
import java.time.InstantSource;
import java.util.Optional;
import java.util.UUID;

/**
 * {@code /v1/fetches/{ref}/events} and {@code /v1/events}: following registrations. Streams follow
 * first and read then, so that nothing can happen between.
 */
final class EventsResource {

  /** Of streams that begin, all together. */
  private static final int READS_AT_ONCE = 8;

  private final Vertx vertx;
  private final Registrations registrations;
  private final Audience audience;
  private final TenantCatchUp.Sources sources;
  private final InstantSource clock;
  private final EventFrames frames = new EventFrames();

  EventsResource(
      Vertx vertx,
      Registrations registrations,
      Audience audience,
      NewsFeed feed,
      InstantSource clock) {
    this.vertx = vertx;
    this.registrations = registrations;
    this.audience = audience;
    this.sources =
        new TenantCatchUp.Sources(registrations, audience, feed, new Turns(READS_AT_ONCE));
    this.clock = clock;
  }

  void followOne(RoutingContext rc) {
    sources
        .turns()
        .take(() -> Answers.within(find(rc)))
        .onSuccess(
            found -> {
              if (sawEnd(rc, found)) {
                Answers.empty(rc, 204);
              } else {
                followOne(rc, found.uid());
              }
            })
        .onFailure(rc::fail);
  }

  /**
   * The registration that the path names; where its id was used again since the reader saw it last,
   * the one that the reader saw, of which it may not know yet how it ended.
   */
  private Future<StoredRegistration> find(RoutingContext rc) {
    return FetchResource.find(registrations, rc)
        .compose(
            found -> {
              UUID seen = lastId(rc).map(EventId::uid).orElse(found.uid());
              boolean byUid = rc.pathParam("ref").equalsIgnoreCase(found.uid().toString());
              return byUid || seen.equals(found.uid())
                  ? Future.succeededFuture(found)
                  : registrations
                      .find(Tenant.of(rc), seen)
                      .map(before -> before.filter(one -> sameId(one, found)).orElse(found));
            });
  }

  private static boolean sameId(StoredRegistration one, StoredRegistration other) {
    return one.registration().id().equals(other.registration().id());
  }

  private static boolean sawEnd(RoutingContext rc, StoredRegistration found) {
    Long end = found.endVersion();
    return end != null
        && lastId(rc)
            .filter(last -> last.uid().equals(found.uid()) && last.version() >= end)
            .isPresent();
  }

  private void followOne(RoutingContext rc, UUID uid) {
    String tenant = Tenant.of(rc);
    EventStream stream =
        new EventStream(vertx, rc.response(), frames, new OneCatchUp(sources, tenant, uid));
    audience.follow(tenant, uid, stream);
    stream.open(() -> audience.unfollow(tenant, uid, stream));
  }

  void followAll(RoutingContext rc) {
    String tenant = Tenant.of(rc);
    TenantCatchUp catchUp = catchUp(rc, tenant);
    EventStream stream = new EventStream(vertx, rc.response(), frames, catchUp);
    audience.followAll(tenant, stream);
    stream.open(() -> audience.unfollowAll(tenant, stream));
    stream.identify(catchUp.beginning());
  }

  private TenantCatchUp catchUp(RoutingContext rc, String tenant) {
    return lastId(rc)
        .map(EventId::seenUntil)
        .filter(seen -> seen > 0)
        .map(seen -> TenantCatchUp.since(sources, tenant, Math.min(seen, clock.millis())))
        .orElseGet(() -> TenantCatchUp.from(sources, tenant, clock.instant()));
  }

  private static Optional<EventId> lastId(RoutingContext rc) {
    return Optional.ofNullable(rc.request().getHeader("Last-Event-ID")).flatMap(EventId::parse);
  }
}

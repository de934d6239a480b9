package io.bgfetch.gateway.api;

import io.bgfetch.gateway.database.Registrations;
import io.bgfetch.gateway.database.StoredRegistration;
import io.bgfetch.gateway.news.Audience;
import io.bgfetch.gateway.news.News;
import io.bgfetch.gateway.news.NewsFeed;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;

/** {@code /v1/fetches/{ref}/events} and {@code /v1/events}: following registrations. */
final class EventsResource {

  private static final int PAGE = 200;
  private static final UUID FIRST = new UUID(0, 0);

  /** An end that was committed but not yet published when the topic was read to its end. */
  private static final Duration SLACK = Duration.ofMinutes(1);

  private final Vertx vertx;
  private final Registrations registrations;
  private final Audience audience;
  private final NewsFeed feed;
  private final InstantSource clock;

  EventsResource(
      Vertx vertx,
      Registrations registrations,
      Audience audience,
      NewsFeed feed,
      InstantSource clock) {
    this.vertx = vertx;
    this.registrations = registrations;
    this.audience = audience;
    this.feed = feed;
    this.clock = clock;
  }

  void followOne(RoutingContext rc) {
    Answers.within(FetchResource.find(registrations, rc))
        .onSuccess(
            found -> {
              if (sawEnd(rc, found)) {
                rc.response().setStatusCode(204).end().onFailure(gone -> {});
              } else {
                followOne(rc, found.uid());
              }
            })
        .onFailure(rc::fail);
  }

  private static boolean sawEnd(RoutingContext rc, StoredRegistration found) {
    Long end = found.endVersion();
    return end != null
        && lastId(rc)
            .filter(last -> last.uid().equals(found.uid()) && last.version() >= end)
            .isPresent();
  }

  /** Followed first and read then, so that nothing can happen between. */
  private void followOne(RoutingContext rc, UUID uid) {
    String tenant = Tenant.of(rc);
    EventStream stream =
        new EventStream(
            vertx, rc.response(), news -> new EventId(uid, news.version(), 0).ofOne(), true);
    audience.follow(tenant, uid, stream);
    stream.open(() -> audience.unfollow(tenant, uid, stream));
    registrations
        .find(tenant, uid)
        .onSuccess(found -> found.map(News::of).ifPresentOrElse(stream::hear, stream::end))
        .onFailure(cause -> stream.end());
  }

  void followAll(RoutingContext rc) {
    String tenant = Tenant.of(rc);
    Optional<Long> seenUntil = lastId(rc).map(EventId::seenUntil).filter(seen -> seen > 0);
    CatchUp catchUp = new CatchUp(seenUntil.orElse(clock.millis() - SLACK.toMillis()));
    EventStream stream = new EventStream(vertx, rc.response(), catchUp::idOf, false);
    audience.followAll(tenant, stream);
    stream.open(() -> audience.unfollowAll(tenant, stream));
    stream.identify(catchUp.beginning());
    Future<Void> ends =
        seenUntil.isPresent()
            ? catchUp.ends(tenant, stream, Instant.ofEpochMilli(seenUntil.get()), FIRST)
            : Future.succeededFuture();
    ends.compose(done -> catchUp.active(tenant, stream, Registrations.NEWEST))
        .onSuccess(done -> catchUp.done = true)
        .onFailure(cause -> stream.end());
  }

  private static Optional<EventId> lastId(RoutingContext rc) {
    return Optional.ofNullable(rc.request().getHeader("Last-Event-ID")).flatMap(EventId::parse);
  }

  /** What a stream of all shows before, and beside, what happens from now on. */
  private final class CatchUp {

    private final long seenBefore;
    private boolean done;

    CatchUp(long seenBefore) {
      this.seenBefore = seenBefore;
    }

    /** The id of a reader who has seen nothing yet. */
    String beginning() {
      return new EventId(FIRST, 0, seenBefore).ofAll();
    }

    String idOf(News news) {
      long seen = done ? Math.max(seenBefore, feed.heardAllUntil() - SLACK.toMillis()) : seenBefore;
      return new EventId(news.uid(), news.version(), seen).ofAll();
    }

    Future<Void> ends(String tenant, EventStream stream, Instant since, UUID behind) {
      return registrations
          .listEnds(tenant, since, behind, PAGE)
          .compose(found -> show(stream, found))
          .compose(
              found ->
                  found.size() < PAGE || stream.closed()
                      ? Future.succeededFuture()
                      : ends(tenant, stream, endOf(found.getLast()), found.getLast().uid()));
    }

    Future<Void> active(String tenant, EventStream stream, UUID older) {
      return registrations
          .list(tenant, older, null, true, PAGE)
          .compose(found -> show(stream, found))
          .compose(
              found ->
                  found.size() < PAGE || stream.closed()
                      ? Future.succeededFuture()
                      : active(tenant, stream, found.getLast().uid()));
    }

    private Future<List<StoredRegistration>> show(
        EventStream stream, List<StoredRegistration> found) {
      found.forEach(one -> stream.hear(News.of(one)));
      return stream.drained().map(found);
    }

    private static Instant endOf(StoredRegistration ended) {
      return Objects.requireNonNull(ended.registration().endedAt());
    }
  }
}

package io.bgfetch.gateway.api;

import io.bgfetch.gateway.database.Registrations;
import io.bgfetch.gateway.database.StoredRegistration;
import io.bgfetch.gateway.news.Audience;
import io.bgfetch.gateway.news.News;
import io.bgfetch.gateway.news.NewsFeed;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.UUID;

/**
 * How all registrations of a tenant are: the ends since the reader was up to date, in their order,
 * and then the state of each that is active; page by page, as fast as the reader reads. The ids of
 * events say up to when a reader has seen all ends.
 */
final class TenantCatchUp implements EventStream.CatchUp {

  private static final int PAGE = 100;
  private static final UUID FIRST = new UUID(0, 0);

  /** For transactions that were open when it was asked what has ended, and clocks that differ. */
  private static final Duration SLACK = Duration.ofMinutes(1);

  private final Registrations registrations;
  private final Audience audience;
  private final NewsFeed feed;
  private final Turns turns;
  private final String tenant;
  private long seenUntil;
  private boolean wantsEnds;

  private TenantCatchUp(Sources sources, String tenant, long seenUntil, boolean wantsEnds) {
    this.registrations = sources.registrations();
    this.audience = sources.audience();
    this.feed = sources.feed();
    this.turns = sources.turns();
    this.tenant = tenant;
    this.seenUntil = seenUntil;
    this.wantsEnds = wantsEnds;
  }

  /** Where states come from. */
  record Sources(Registrations registrations, Audience audience, NewsFeed feed, Turns turns) {}

  /** Of a reader that begins now. */
  static TenantCatchUp from(Sources sources, String tenant, Instant now) {
    return new TenantCatchUp(sources, tenant, now.minus(SLACK).toEpochMilli(), false);
  }

  /**
   * Of a reader that goes on.
   *
   * @param seenUntil when it had seen all ends before, milliseconds since the epoch
   */
  static TenantCatchUp since(Sources sources, String tenant, long seenUntil) {
    return new TenantCatchUp(sources, tenant, seenUntil, true);
  }

  /** The id of a reader that has seen nothing yet. */
  String beginning() {
    return new EventId(FIRST, 0, seenUntil).ofAll();
  }

  @Override
  public Future<Void> show(EventStream stream) {
    Future<Void> ends =
        wantsEnds ? ends(stream, Instant.ofEpochMilli(seenUntil), FIRST) : Future.succeededFuture();
    wantsEnds = true; // whoever lost news begins with what ended
    return ends.compose(shown -> active(stream, Registrations.NEWEST));
  }

  private Future<Void> ends(EventStream stream, Instant since, UUID behind) {
    return turns
        .take(() -> Answers.within(registrations.listEnds(tenant, since, behind, PAGE)))
        .compose(found -> show(stream, found))
        .compose(
            found -> {
              if (found.size() < PAGE || stream.closed()) {
                return Future.succeededFuture();
              }
              Instant last = Objects.requireNonNull(found.getLast().registration().endedAt());
              sawUntil(last.toEpochMilli());
              return ends(stream, last, found.getLast().uid());
            });
  }

  private Future<Void> active(EventStream stream, UUID older) {
    return turns
        .take(() -> Answers.within(registrations.list(tenant, older, null, true, PAGE)))
        .compose(found -> show(stream, found))
        .compose(
            found ->
                found.size() < PAGE || stream.closed()
                    ? Future.succeededFuture()
                    : active(stream, found.getLast().uid()));
  }

  private Future<List<StoredRegistration>> show(
      EventStream stream, List<StoredRegistration> found) {
    found.stream().map(News::of).filter(audience::mayShow).forEach(stream::show);
    return stream.drained().map(found);
  }

  /** While something waits behind an event, an end may be among it that is older. */
  @Override
  public String idOf(News news, boolean upToDate) {
    if (upToDate) {
      sawUntil(feed.heardEndsUntil());
    }
    return new EventId(news.uid(), news.version(), seenUntil).ofAll();
  }

  private void sawUntil(long moment) {
    seenUntil = Math.max(seenUntil, moment - SLACK.toMillis());
  }

  @Override
  public boolean beginsWithState() {
    return false;
  }

  @Override
  public boolean isLast(News news) {
    return false;
  }
}

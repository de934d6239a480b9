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
import org.jspecify.annotations.Nullable;

/**
 * How all registrations of a tenant are: the ends since the reader was up to date, in their order,
 * and then the state of each that is active; page by page, as fast as the reader reads. While it
 * does not, nothing of a page is kept but one state. The ids of events say up to when a reader has
 * seen all ends.
 */
final class TenantCatchUp implements EventStream.CatchUp {

  private static final int PAGE = 100;

  /** So many more are read than the reader took the last time. */
  private static final int A_FEW = 4;

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
        wantsEnds
            ? ends(stream, Instant.ofEpochMilli(seenUntil), FIRST, PAGE)
            : Future.succeededFuture();
    wantsEnds = true; // whoever lost news begins with what ended
    return ends.compose(shown -> active(stream, Registrations.NEWEST, PAGE));
  }

  private Future<Void> ends(EventStream stream, Instant since, UUID behind, int limit) {
    return turns
        .take(() -> Answers.within(registrations.listEnds(tenant, since, behind, limit)))
        .compose(found -> show(stream, found, limit))
        .compose(
            shown -> {
              if (shown.all() || stream.closed()) {
                return Future.succeededFuture();
              }
              Instant last = Objects.requireNonNull(shown.endedAt());
              sawUntil(last.toEpochMilli());
              return ends(stream, last, shown.uid(), shown.next());
            });
  }

  private Future<Void> active(EventStream stream, UUID older, int limit) {
    return turns
        .take(() -> Answers.within(registrations.list(tenant, older, null, true, limit)))
        .compose(found -> show(stream, found, limit))
        .compose(
            shown ->
                shown.all() || stream.closed()
                    ? Future.succeededFuture()
                    : active(stream, shown.uid(), shown.next()));
  }

  /**
   * How much of a page was shown.
   *
   * @param all whether nothing is left, of this page or behind it
   * @param uid of the last that was shown
   * @param endedAt of the last that was shown
   * @param next how large the next page should be
   */
  private record Shown(boolean all, UUID uid, @Nullable Instant endedAt, int next) {}

  /** Shows what the reader takes now, at least one; what it does not take is read again then. */
  private Future<Shown> show(EventStream stream, List<StoredRegistration> found, int limit) {
    int shown = 0;
    while (shown < found.size() && (shown == 0 || stream.hasRoom())) {
      News news = News.of(found.get(shown++));
      if (audience.mayShow(news)) {
        stream.show(news);
      }
    }
    Shown far = shown(found, shown, limit);
    return stream.drained().map(far);
  }

  private static Shown shown(List<StoredRegistration> found, int count, int limit) {
    if (count == found.size() && count < limit) {
      return new Shown(true, FIRST, null, 0);
    }
    StoredRegistration last = found.get(count - 1);
    int next = count < limit ? Math.min(PAGE, count + A_FEW) : PAGE;
    return new Shown(false, last.uid(), last.registration().endedAt(), next);
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

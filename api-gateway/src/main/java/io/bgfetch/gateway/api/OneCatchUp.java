package io.bgfetch.gateway.api;

import io.bgfetch.gateway.news.News;
import io.vertx.core.Future;
import java.util.UUID;

/**
 * How one registration is: what its stream begins with. The stream ends with the end event, or at
 * once where the registration is gone.
 */
record OneCatchUp(TenantCatchUp.Sources sources, String tenant, UUID uid)
    implements EventStream.CatchUp {

  @Override
  public Future<Void> show(EventStream stream) {
    return sources
        .turns()
        .take(() -> Answers.within(sources.registrations().find(tenant, uid)))
        .map(
            found -> {
              found.map(News::of).filter(sources.audience()::mayShow).ifPresent(stream::show);
              if (found.isEmpty()) {
                stream.end();
              }
              return null;
            });
  }

  @Override
  public String idOf(News news, boolean upToDate) {
    return new EventId(uid, news.version(), 0).ofOne();
  }

  /** Its id would be that of a click, which says nothing of whether the end was seen. */
  @Override
  public boolean beginsWithState() {
    return true;
  }

  @Override
  public boolean isLast(News news) {
    return news.isEnd();
  }
}

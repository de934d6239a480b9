package io.bgfetch.gateway.news;

import io.bgfetch.lifecycle.Part;
import io.vertx.core.Future;

/** Ends the streams of an audience before the server stops, which waits for answers to end. */
public final class AudienceEnd implements Part {

  private final Audience audience;

  public AudienceEnd(Audience audience) {
    this.audience = audience;
  }

  @Override
  public Future<Void> start() {
    return Future.succeededFuture();
  }

  @Override
  public Future<Void> stop() {
    audience.end();
    return Future.succeededFuture();
  }
}

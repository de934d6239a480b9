package io.bgfetch.gateway.api;

import io.bgfetch.gateway.news.News;
import io.vertx.core.buffer.Buffer;
import org.jspecify.annotations.Nullable;

/**
 * Events as they stand on a stream (HTML standard, section 9.2.5). One that goes to many readers,
 * one after the other, is encoded once, and they share its bytes. Used on one context.
 */
final class EventFrames {

  private @Nullable News last;
  private String lastId = "";
  private Buffer frame = Buffer.buffer();

  Buffer of(News news, String id) {
    if (news != last || !id.equals(lastId)) {
      frame =
          Buffer.buffer(
              "event: "
                  + news.kind().eventName()
                  + "\nid: "
                  + id
                  + "\ndata: "
                  + news.json()
                  + "\n\n");
      last = news;
      lastId = id;
    }
    return frame;
  }
}

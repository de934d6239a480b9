package io.bgfetch.gateway.news;

import io.vertx.core.Context;
import java.util.UUID;

/** Lets tests of other packages tell an audience something, as the feed does. */
public final class ToldNews {

  private ToldNews() {}

  public static Audience audienceOn(Context context) {
    Audience audience = new Audience();
    audience.useContext(context);
    return audience;
  }

  public static void tell(Audience audience, String tenant, UUID uid) {
    audience.tell(new News(tenant, uid, News.Kind.PROGRESS, 1, "{}"));
  }
}

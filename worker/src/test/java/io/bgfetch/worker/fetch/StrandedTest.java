package io.bgfetch.worker.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.bgfetch.fetch.FetchRequest;
import io.bgfetch.fetch.RetryPolicy;
import io.bgfetch.fetch.Timeouts;
import io.bgfetch.testkit.Origin;
import io.vertx.core.http.HttpServerRequest;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StrandedTest {

  /** What a host has where its lanes are other workers'. */
  private static final int PLACES = 4;

  @TempDir Path directory;

  @Test
  void isWhoWaitsTooLongForAPlaceWhereARedirectLeads() {
    List<HttpServerRequest> held = new CopyOnWriteArrayList<>();
    try (Origin origin = Origin.start();
        FetchUnderTest worker = new FetchUnderTest(directory, Map.of())) {
      String busy = origin.url("/busy").replace("127.0.0.1", "busy.test");
      origin.on("/busy", held::add);
      origin.on(
          "/", request -> request.response().setStatusCode(302).putHeader("Location", busy).end());
      List<FetchUnderTest.Running> fetches = new ArrayList<>();
      for (int i = 0; i <= PLACES; i++) {
        FetchRequest request = FetchRequest.get(origin.url("/"));
        fetches.add(worker.begin(request, RetryPolicy.DEFAULT, Timeouts.DEFAULT));
      }
      long soon = System.currentTimeMillis() + 50_000;
      long late = System.currentTimeMillis() + 600_000;

      await().until(() -> held.size() == PLACES);
      await().until(() -> fetches.stream().filter(f -> f.fetch().stranded(late)).count() == 1);
      assertThat(fetches).noneMatch(f -> f.fetch().stranded(soon));

      held.getFirst().response().end();
      await().until(() -> held.size() == PLACES + 1);
      assertThat(fetches).noneMatch(f -> f.fetch().stranded(late));
      fetches.forEach(FetchUnderTest.Running::cut);
      await().until(() -> fetches.stream().allMatch(f -> f.ending().isComplete()));
    }
  }
}

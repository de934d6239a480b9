package io.bgfetch.standalone;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser.NewContextOptions;
import com.microsoft.playwright.Page.ScreenshotOptions;
import com.microsoft.playwright.Route;
import io.bgfetch.client.BackgroundFetchOptions;
import io.bgfetch.client.BackgroundFetchRegistration;
import io.bgfetch.client.FetchRequest;
import io.bgfetch.testkit.Origin;
import io.bgfetch.testkit.TestBackends;
import io.bgfetch.testkit.WithBackends;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Takes the README's picture of the dashboard, {@code docs/dashboard.png}: of real fetches, with a
 * history of ten minutes that nobody had to wait for.
 */
@Tag("long")
@WithBackends
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class DashboardPictureIT {
  private static final Path PICTURE = Path.of("../../docs/dashboard.png");
  private static final int LARGEST = 150 << 10;
  private static final int POINTS = 300;
  private static final int MIB = 1 << 20;

  private Origin origin;
  private TestCluster cluster;

  @Test
  void showsFetchesInEveryState(TestBackends backends, @TempDir Path directory) throws Exception {
    NewContextOptions screen = new NewContextOptions().setViewportSize(1160, 770);
    try (Chromium chromium = Chromium.start();
        Origin pages = Origin.start();
        TestCluster all = TestCluster.start(backends, directory, Map.of());
        DashboardPage dashboard = new DashboardPage(chromium, screen)) {
      origin = pages;
      cluster = all;
      register();
      dashboard.page().route("**/v1/stats", DashboardPictureIT::withHistory);
      var unused = dashboard.go(all.url(), "");
      assertThat(dashboard.find("#active-group .row")).hasCount(5);
      assertThat(dashboard.find("#ended-group .row")).hasCount(5);
      assertThat(dashboard.find("#workers tbody tr")).hasCount(2);
      dashboard.page().waitForTimeout(8_000); // so that rates are those of some seconds

      var taken = dashboard.page().screenshot(new ScreenshotOptions().setPath(PICTURE));

      assertThat(taken).hasSizeLessThan(LARGEST);
      assertThat(Files.size(PICTURE)).isEqualTo(taken.length);
    }
  }

  private void register() {
    ended("invoices-january", "Invoices, January", 30, i -> "/bytes/" + (40_000 + i * 777));
    ended(
        "package-index", "Mirror of the package index", 12, i -> i < 9 ? "/bytes/9000" : "/reset");
    ended("firmware-2.4.1", "Firmware 2.4.1", 3, i -> "/bytes/" + (1_200_000 + i));
    abortMidway(
        fetch(
            "media-backup",
            "Backup of the media library",
            0,
            3,
            i -> i == 1 ? "/slow/1400/bytes/300000" : "/never"));
    ended(
        "nightly-crawl",
        "Nightly crawl of example.org",
        120,
        i -> i % 11 == 3 ? "/status/404" : "/bytes/" + (20_000 + i));
    var paused =
        fetch(
            "training-set-12", "Training set, shard 12 of 64", 200, 20, i -> drip(10, 640, 300, i));
    fetch("thumbnails", "", 0, 900, i -> "/slow/" + (200 + i % 7 * 300) + "/bytes/" + (5_000 + i));
    fetch("offline-maps", "Offline maps, Western Europe", 400, 40, i -> drip(10, 96, 250, i));
    fetch(
        "podcast-ep-5",
        "Episode 5: Interesting things",
        60,
        2,
        i -> i == 0 ? drip(60, 512, 200, 1) : "/bytes/200000");
    fetch("satellite-tiles", "Satellite tiles, week 48", 120, 12, i -> drip(10, 128, 200, i));
    paused.pause();
  }

  private static void abortMidway(BackgroundFetchRegistration registration) {
    registration.follow(
        event -> {
          if (event.registration().active() && event.registration().records().settled() > 0) {
            var unused = registration.abort();
          }
        });
  }

  private void ended(String id, String title, int records, IntFunction<String> page) {
    fetch(id, title, 0, records, page).follow(event -> {});
  }

  private BackgroundFetchRegistration fetch(
      String id, String title, long mebibytes, int records, IntFunction<String> page) {
    BackgroundFetchOptions options =
        BackgroundFetchOptions.none()
            .withRetryLimit(1)
            .withTitle(title)
            .withDownloadTotal(mebibytes * MIB);
    Stream<FetchRequest> requests =
        IntStream.range(0, records).mapToObj(i -> FetchRequest.of(origin.url(page.apply(i))));
    return cluster.client().fetch(id, requests, options);
  }

  private static String drip(int mebibytes, int chunkKibibytes, int everyMillis, int seed) {
    return "/drip/%d?chunk=%d&every=%d&seed=%d"
        .formatted((long) mebibytes * MIB, chunkKibibytes << 10, everyMillis, seed);
  }

  private static void withHistory(Route route) {
    JsonObject real = new JsonObject(route.fetch().text());
    Instant now =
        Instant.parse(real.getJsonArray("points").getJsonObject(POINTS - 1).getString("at"));
    double[] bytes = curve(28.0 * MIB, 5);
    double[] fetches = curve(64, 3);
    JsonArray points = new JsonArray();
    for (int i = 0; i < POINTS; i++) {
      points.add(
          new JsonObject()
              .put("at", now.minusSeconds(2L * (POINTS - 1 - i)).toString())
              .put("bytesPerSecond", Math.round(bytes[i]))
              .put("fetchesPerSecond", Math.round(fetches[i] * 10) / 10.0));
    }
    route.fulfill(
        new Route.FulfillOptions()
            .setContentType("application/json")
            .setBody(real.put("points", points).encode()));
  }

  /** Waves on waves, with a little noise: traffic as it is on a working day. */
  private static double[] curve(double greatest, int waves) {
    Random noise = new Random(waves);
    double[] values = new double[POINTS];
    Arrays.setAll(
        values,
        i -> {
          double time = 2 * Math.PI * i / POINTS;
          double shape =
              0.55 + 0.22 * Math.sin(waves * time) + 0.1 * Math.sin(2.7 * waves * time + 1);
          return greatest * Math.max(0, shape + 0.03 * noise.nextGaussian());
        });
    return values;
  }
}

package io.bgfetch.standalone;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.microsoft.playwright.Browser.NewContextOptions;
import com.microsoft.playwright.Download;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Route;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import com.microsoft.playwright.options.ColorScheme;
import io.bgfetch.client.BackgroundFetchOptions;
import io.bgfetch.client.BackgroundFetchRegistration;
import io.bgfetch.client.FetchRequest;
import io.bgfetch.testkit.Origin;
import io.bgfetch.testkit.Sluice;
import io.bgfetch.testkit.TestBackends;
import io.bgfetch.testkit.WithBackends;
import io.vertx.core.json.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What people see and do at {@code /}, in a browser, with everything behind it. */
@WithBackends
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class DashboardIT {
  private static final Duration PATIENCE = Duration.ofSeconds(45);
  private static final Duration PAUSE = Duration.ofMillis(100);
  private static final int LENGTH = 1 << 20;
  private static final String HOSTILE = "<img src=x onerror=alert(1)>\"'\u202e&amp;";

  @TempDir private static Path directory;
  private static Origin origin;
  private static TestCluster cluster;
  private static Chromium chromium;

  @BeforeAll
  static void start(TestBackends backends) throws Exception {
    PlaywrightAssertions.setDefaultAssertionTimeout(PATIENCE.toMillis());
    chromium = Chromium.start();
    origin = Origin.start();
    cluster = TestCluster.start(backends, directory, Map.of());
  }

  @AfterAll
  static void stop() {
    Stream.of(cluster, origin, chromium)
        .filter(java.util.Objects::nonNull)
        .forEach(DashboardIT::end);
  }

  private static void end(AutoCloseable part) {
    try {
      part.close();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private static DashboardPage dashboard() {
    return DashboardPage.at(chromium, cluster.url());
  }

  private static BackgroundFetchRegistration fetch(String id, String... pages) {
    return fetch(id, BackgroundFetchOptions.none().withRetryLimit(1), pages);
  }

  private static BackgroundFetchRegistration fetch(
      String id, BackgroundFetchOptions options, String... pages) {
    return cluster
        .client()
        .fetch(id, Stream.of(pages).map(page -> FetchRequest.of(origin.url(page))), options);
  }

  private static BackgroundFetchRegistration ended(String id, String... pages) {
    BackgroundFetchRegistration registration = fetch(id, pages);
    registration.follow(event -> {});
    return registration;
  }

  @Test
  void showsHowFarAFetchIsAndHowItEnds() {
    Sluice sluice = new Sluice(LENGTH);
    var unused = origin.on("/live", sluice);
    try (DashboardPage dashboard = dashboard()) {
      assertThat(dashboard.find("#connection")).hasText("Live");
      BackgroundFetchRegistration registration =
          fetch(
              "episode-5",
              BackgroundFetchOptions.none().withTitle("Episode 5").withDownloadTotal(LENGTH),
              "/live?seed=1");

      Locator row = dashboard.row(registration.uid());
      Locator bar = row.getByRole(com.microsoft.playwright.options.AriaRole.PROGRESSBAR);
      assertThat(row).containsText("Episode 5");
      assertThat(row).containsText(origin.url(""));
      sluice.raise(LENGTH / 2);
      assertThat(bar).hasAttribute("aria-valuenow", "50");
      assertThat(row).containsText("512.0 KiB of 1.0 MiB");
      AtomicInteger level = new AtomicInteger(LENGTH / 2);
      await()
          .pollInSameThread()
          .pollInterval(PAUSE)
          .atMost(PATIENCE)
          .until(
              () -> {
                sluice.raise(level.addAndGet(1 << 10));
                return row.textContent().contains("B/s");
              });
      sluice.raise(LENGTH);
      assertThat(dashboard.find("#ended-group").locator(row)).containsText("Success");
      assertThat(bar).hasAttribute("aria-valuenow", "100");
      assertThat(dashboard.find("#announcer")).hasText("Episode 5: Success");
    }
  }

  @Test
  void pausesResumesAndAbortsAtAClick() {
    BackgroundFetchRegistration registration = fetch("by-mouse", "/never");
    try (DashboardPage dashboard = dashboard()) {
      Locator row = dashboard.row(registration.uid());

      dashboard.button(row, "Pause").click();
      assertThat(row).containsText("Paused");
      assertThat(registration.refresh().paused()).isTrue();
      dashboard.button(row, "Resume").click();
      assertThat(row).containsText("Running");
      dashboard.button(row, "Abort").click();
      dashboard.button(dashboard.find("#confirm"), "Go on").click();
      assertThat(registration.refresh().paused()).isFalse();
      assertThat(registration.refresh().active()).isTrue();
      dashboard.button(row, "Abort").click();
      dashboard.button(dashboard.find("#confirm"), "Abort").click();

      assertThat(row).containsText("Aborted");
      assertThat(registration.refresh().failureReason()).isEqualTo("aborted");
    }
  }

  @Test
  void isUsedByKeysAlone() {
    BackgroundFetchRegistration other = fetch("by-keys-other", "/never");
    BackgroundFetchRegistration registration = fetch("by-keys", "/never");
    try (DashboardPage dashboard = dashboard()) {
      Locator row = dashboard.row(registration.uid());
      assertThat(row).isVisible();
      assertThat(dashboard.row(other.uid())).isVisible();

      dashboard.press("j", "ArrowDown", "k");
      assertThat(row.locator("a")).isFocused();
      dashboard.press("p");
      assertThat(row).containsText("Paused");
      dashboard.press("Enter");
      assertThat(dashboard.find("#details h1")).hasText("by-keys");
      dashboard.press("p");
      assertThat(dashboard.find("#details .chip").first()).hasText("Running");
      dashboard.press("a");
      assertThat(dashboard.find("#confirm [value=no]")).isFocused();
      dashboard.press("Tab", "Enter");
      assertThat(dashboard.find("#details .chip").first()).hasText("Aborted");
      dashboard.press("Escape");
      assertThat(dashboard.find("#ended-group").locator(row).locator("a")).isFocused();
      dashboard.press("?");
      assertThat(dashboard.find("#keys")).isVisible();
      dashboard.press("Escape", "/");
      assertThat(dashboard.find("#search")).isFocused();
      dashboard.page().keyboard().type("by-keys-other");
      dashboard.press("Enter");
      assertThat(dashboard.find("#found-group .row")).hasCount(1);
      assertThat(dashboard.find("#found-group .row")).containsText("by-keys-other");
      dashboard.find("#found-group .row a").click();
      assertThat(dashboard.find("#details h1")).hasText("by-keys-other");
      dashboard.press("Escape");
      assertThat(dashboard.find("#found-group .row a")).isFocused();
    }
    other.abort();
  }

  @Test
  void tellsQuietlyWhatCannotBePaused() {
    BackgroundFetchRegistration registration =
        cluster
            .client()
            .fetch(
                "a-post",
                Stream.of(FetchRequest.of(origin.url("/never")).withMethod("POST").withBody("b")),
                BackgroundFetchOptions.none());
    try (DashboardPage dashboard = dashboard()) {
      dashboard.button(dashboard.row(registration.uid()), "Pause").click();

      assertThat(dashboard.find("#notices")).containsText("Pause: ");
      assertThat(dashboard.row(registration.uid())).containsText("Running");
    }
    registration.abort();
  }

  @Test
  void showsFiltersAndSavesRecords() throws Exception {
    String[] pages =
        Stream.concat(
                IntStream.range(0, 57).mapToObj(i -> "/bytes/" + (1000 + i) + "?seed=" + i),
                Stream.of("/status/404", "/reset", "/redirect-to?url=/bytes/5"))
            .toArray(String[]::new);
    BackgroundFetchRegistration registration = ended("records", pages);
    try (DashboardPage dashboard = dashboard()) {
      dashboard.row(registration.uid()).locator("a").click();
      Locator rows = dashboard.find(".records-table tbody tr");
      assertThat(rows).hasCount(50);
      assertThat(dashboard.find(".pages")).containsText("1–50 of 60");

      Download saved =
          dashboard
              .page()
              .waitForDownload(() -> rows.nth(7).locator("[data-part=download]").click());
      assertThat(Files.readAllBytes(saved.path())).isEqualTo(Origin.bytes(7, 1007));
      assertThat(saved.suggestedFilename()).isEqualTo("1007");
      dashboard.button("Next").dblclick();
      assertThat(dashboard.find(".pages")).containsText("51–60 of 60");
      assertThat(rows).hasCount(10);
      assertThat(rows.last()).containsText("→ " + origin.url("/bytes/5"));
      dashboard.find("select").selectOption("bad-status");
      assertThat(rows).hasCount(1);
      assertThat(rows).containsText("404");
      dashboard.find("select").selectOption("fetch-error");
      assertThat(rows).containsText("/reset");
      assertThat(rows.locator(".error")).hasText(registration.record(58).error());
      assertThat(dashboard.requests().stream().filter(call -> call.endsWith("/click"))).hasSize(1);
    }
  }

  @Test
  void fetchesAgainReleasesAndDeletesWhatHasEnded() {
    BackgroundFetchRegistration registration = ended("again", "/bytes/10", "/status/500");
    try (DashboardPage dashboard = dashboard()) {
      Locator row = dashboard.row(registration.uid());
      dashboard.button(row, "Retry failed").click();
      assertThat(dashboard.find("#notices")).containsText("fetched again: again");
      assertThat(named(dashboard, "again")).hasCount(2);
      dashboard.button(row, "Release").click();
      dashboard.button(dashboard.find("#confirm"), "Release").click();
      assertThat(dashboard.button(row, "Release")).isHidden();
      assertThat(registration.refresh().recordsAvailable()).isFalse();
      row.locator("a").click();
      assertThat(dashboard.find(".records")).containsText("Its records were released");
      dashboard.button("Delete").click();
      dashboard.button(dashboard.find("#confirm"), "Delete").click();

      assertThat(dashboard.find("#details h1")).hasText("There is no such fetch");
      dashboard.press("Escape");
      assertThat(named(dashboard, "again")).hasCount(1);
    }
  }

  /** The names of rows that are exactly this. */
  private static Locator named(DashboardPage dashboard, String name) {
    return dashboard
        .find(".row [data-part=name]:visible")
        .filter(new Locator.FilterOptions().setHasText(Pattern.compile("^" + name + "$")));
  }

  @Test
  void foreignTextIsTextAndNothingElse() {
    var unused =
        origin.on(
            "/hostile",
            request -> {
              var sent =
                  request
                      .response()
                      .setStatusCode(500)
                      .setStatusMessage("<img src=x onerror=alert(2)>")
                      .end("<script>alert(3)</script>");
            });
    BackgroundFetchRegistration registration =
        fetch(
            "id " + HOSTILE,
            BackgroundFetchOptions.none()
                .withTitle("title " + HOSTILE)
                .withIcon("javascript:alert(4)", "1x1", "image/png"),
            "/hostile?<img/src=x/onerror=alert(5)>");
    registration.follow(event -> {});
    try (DashboardPage dashboard = dashboard()) {
      dashboard.page().route(Pattern.compile(".*/records\\?.*"), DashboardIT::withHostileError);
      Locator row = dashboard.row(registration.uid());
      assertThat(row.locator(".row-link")).hasText("title " + HOSTILE);
      assertThat(row.locator("img")).hasCount(0);
      row.locator("a").click();

      assertThat(dashboard.find("#details h1")).hasText("title " + HOSTILE);
      assertThat(dashboard.find(".properties")).containsText("id " + HOSTILE);
      Locator link = dashboard.find("[data-part=url]");
      assertThat(link).hasAttribute("rel", "noopener noreferrer");
      assertThat(link).hasAttribute("href", Pattern.compile("^http://127.*onerror.*"));
      assertThat(dashboard.find(".records-table .status"))
          .hasAttribute("title", "<img src=x onerror=alert(2)>");
      assertThat(dashboard.find(".records-table .error")).hasText("error " + HOSTILE);
      assertThat(dashboard.find("main [src=x], main script")).hasCount(0);
    }
  }

  private static void withHostileError(Route route) {
    JsonObject page = new JsonObject(route.fetch().text());
    page.getJsonArray("records").getJsonObject(0).put("error", "error " + HOSTILE);
    answer(route, 200, page.encode());
  }

  @Test
  void loadsIconsOfTheWebAndTellsNobodyWhereFrom() {
    var unused =
        origin.on(
            "/icon.svg",
            request -> {
              var sent =
                  request
                      .response()
                      .putHeader("Content-Type", "image/svg+xml")
                      .end("<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'/>");
            });
    BackgroundFetchRegistration registration =
        fetch(
            "with-icon",
            BackgroundFetchOptions.none()
                .withIcon("/relative.png", "1x1", "image/png")
                .withIcon(origin.url("/icon.svg"), "any", "image/svg+xml"),
            "/bytes/1");
    try (DashboardPage dashboard = dashboard()) {
      Locator icon = dashboard.row(registration.uid()).locator("img");
      assertThat(icon).hasJSProperty("naturalWidth", 9);
      assertThat(origin.heads())
          .filteredOn(head -> head.uri().equals("/icon.svg"))
          .isNotEmpty()
          .allSatisfy(head -> assertThat(head.headers().contains("Referer")).isFalse());
    }
  }

  @Test
  void showsTrafficAndWorkers() {
    BackgroundFetchRegistration registration = fetch("traffic", "/bytes/400000", "/never");
    try (DashboardPage dashboard = dashboard()) {
      assertThat(dashboard.find("#workers tbody tr")).hasCount(2);
      assertThat(dashboard.find("#workers-now")).hasText("2");
      assertThat(dashboard.find("#records-running")).hasText(Pattern.compile("[1-9]"));
      Locator chart = dashboard.find("#bytes-chart svg");
      assertThat(chart).hasAttribute("aria-label", Pattern.compile("at most .*[1-9].* .iB/s"));
      assertThat(chart.locator(".line")).isVisible();
      assertThat(dashboard.find("#fetches-now")).hasText(Pattern.compile("/s$"));
    }
    registration.abort();
  }

  @Test
  void aGatewayWithoutStatisticsIsNoProblem() {
    try (DashboardPage dashboard = new DashboardPage(chromium, new NewContextOptions())) {
      dashboard.page().route("**/v1/stats", route -> answer(route, 404, "{}"));
      dashboard.page().route("**/v1/workers", route -> answer(route, 404, "{}"));
      var unused = dashboard.go(cluster.url(), "");

      assertThat(dashboard.find("#bytes-now")).hasText("not available");
      assertThat(dashboard.find("#workers")).containsText("Not available");
      assertThat(dashboard.find("#connection")).hasText("Live");
    }
  }

  private static void answer(Route route, int status, String json) {
    route.fulfill(
        new Route.FulfillOptions()
            .setStatus(status)
            .setContentType("application/json")
            .setBody(json));
  }

  @Test
  void hasRowsForSomeOfThousandsAndMoreOnDemand() {
    try (DashboardPage dashboard = new DashboardPage(chromium, new NewContextOptions())) {
      dashboard
          .page()
          .route(
              "**/v1/events",
              route ->
                  route.fulfill(
                      new Route.FulfillOptions()
                          .setContentType("text/event-stream")
                          .setBody(events(3_000))));
      dashboard
          .page()
          .route(
              Pattern.compile(".*/v1/fetches\\?.*"),
              route -> answer(route, 200, "{\"registrations\": [], \"next\": null}"));
      dashboard.page().route(Pattern.compile(".*/records\\?.*"), route -> answer(route, 409, "{}"));
      dashboard
          .page()
          .route(
              Pattern.compile(".*/v1/fetches/[^/?]*$"),
              route -> answer(route, 200, state(uid(route.request().url()))));
      var unused = dashboard.go(cluster.url(), "");

      assertThat(dashboard.find("#active-group .count")).hasText("3,000");
      assertThat(dashboard.find("#active-group .row")).hasCount(50);
      dashboard.button("Show more").click();
      assertThat(dashboard.find("#active-group .row")).hasCount(100);
      assertThat(dashboard.find("#active-group .row").first()).containsText("number 2999");
    }
  }

  private static int uid(String url) {
    return Integer.parseInt(url.substring(url.lastIndexOf('-') + 1));
  }

  private static String events(int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> "event: progress\nid: x:" + i + ":1\ndata: " + state(i) + "\n\n")
        .collect(Collectors.joining());
  }

  private static String state(int number) {
    return """
    {"id": "many", "uid": "00000000-0000-7000-8000-%012d", "title": "number %d", "icons": [],\
     "uploadTotal": 0, "uploaded": 0, "downloadTotal": 0, "downloaded": 10, "result": "",\
     "failureReason": "", "recordsAvailable": true, "paused": false, "version": 1,\
     "records": {"total": 2, "settled": 1, "succeeded": 1, "failed": 0},\
     "createdAt": "2026-01-31T12:00:00.000Z", "endedAt": null, "expiresAt": null}\
    """
        .formatted(number, number);
  }

  @Test
  void whatCouldNotBeReadIsNotSaidToBeMissing() {
    BackgroundFetchRegistration registration = fetch("not-missing", "/never");
    String reading = "**/v1/fetches/" + registration.uid();
    String listing = "**/v1/fetches?*";
    String events = "**/v1/events";
    try (DashboardPage dashboard = new DashboardPage(chromium, new NewContextOptions())) {
      for (String path : List.of(reading, listing, events)) {
        dashboard.page().route(path, route -> answer(route, 503, "{\"detail\": \"Not now\"}"));
      }
      var unused = dashboard.go(cluster.url(), "#/?id=not-missing");
      Locator found = dashboard.find("#found-group");
      assertThat(found).containsText("The search failed");
      assertThat(dashboard.find("#notices")).containsText("Search: Not now");
      unused = dashboard.go(cluster.url(), "#/fetches/" + registration.uid());
      assertThat(dashboard.find("#details h1")).hasText("This fetch cannot be shown now");
      assertThat(dashboard.find("#details")).containsText("Not now");

      dashboard.page().unroute(events);
      var unusedResult = dashboard.page().evaluate("dispatchEvent(new Event('online'))");
      assertThat(dashboard.find("#connection")).hasText("Live");
      var unusedState = registration.pause();
      assertThat(dashboard.find("#details h1")).hasText("not-missing");
      assertThat(dashboard.find("#details .chip").first()).hasText("Paused");
      dashboard.page().unroute(listing);
      dashboard.press("Escape");
      dashboard.find("#search").fill("of-nobody");
      dashboard.press("Enter");
      assertThat(found).containsText("No fetch has this id.");
    }
    registration.abort();
  }

  @Test
  void tellsHowToBeginWhereNothingIs() {
    try (DashboardPage dashboard = new DashboardPage(chromium, new NewContextOptions())) {
      dashboard
          .page()
          .route("**/v1/fetches?*", r -> answer(r, 200, "{\"registrations\": [], \"next\": null}"));
      dashboard
          .page()
          .route(
              "**/v1/events",
              route ->
                  route.fulfill(
                      new Route.FulfillOptions()
                          .setContentType("text/event-stream")
                          .setBody(":\n\n")));
      var unused = dashboard.go(cluster.url(), "");

      assertThat(dashboard.find("#welcome")).containsText("Nothing has been fetched yet");
      assertThat(dashboard.find("#sample-curl")).containsText(cluster.url() + "/v1/fetches");
      assertThat(dashboard.find("#ended-group")).isHidden();
    }
  }

  @Test
  void showsTheTrueStateWhenItsStreamComesBack() throws Exception {
    BackgroundFetchRegistration aborted = fetch("while-away", "/never");
    BackgroundFetchRegistration deleted = fetch("deleted-while-away", "/never");
    try (Relay relay = new Relay(cluster.url().getPort());
        DashboardPage dashboard = DashboardPage.at(chromium, relay.url())) {
      assertThat(dashboard.row(aborted.uid())).containsText("Running");
      assertThat(dashboard.row(deleted.uid())).containsText("Running");

      relay.cut();
      assertThat(dashboard.find("#connection")).hasText("Reconnecting");
      aborted.abort();
      deleted.delete();
      relay.leadTo(cluster.url().getPort());

      assertThat(dashboard.find("#connection")).hasText("Live");
      assertThat(dashboard.row(aborted.uid())).containsText("Aborted");
      assertThat(dashboard.row(deleted.uid())).hasCount(0);
    }
  }

  @Test
  void noticesThatItsStreamFellSilent() throws Exception {
    try (Relay relay = new Relay(cluster.url().getPort());
        DashboardPage dashboard = new DashboardPage(chromium, new NewContextOptions())) {
      dashboard.page().clock().install();
      var unused = dashboard.go(relay.url(), "");
      assertThat(dashboard.find("#connection")).hasText("Live");

      relay.stall(true);
      dashboard.page().clock().fastForward("41");
      assertThat(dashboard.find("#connection")).hasText("Reconnecting");
      relay.stall(false);
      dashboard.page().clock().fastForward("41");
      assertThat(dashboard.find("#connection")).hasText("Live");
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {380, 800})
  void fitsOnASmallScreen(int width) {
    BackgroundFetchRegistration registration =
        ended("x".repeat(300), "/bytes/10?" + "y".repeat(300), "/reset");
    NewContextOptions small = new NewContextOptions().setViewportSize(width, 700);
    try (DashboardPage dashboard = new DashboardPage(chromium, small)) {
      var unused = dashboard.go(cluster.url(), "");
      dashboard.row(registration.uid()).locator("a").waitFor();
      assertThat(dashboard.page().evaluate("document.documentElement.scrollWidth"))
          .isEqualTo(width);
      dashboard.row(registration.uid()).locator("a").click();
      dashboard.find(".records-table tbody tr").first().waitFor();

      assertThat(dashboard.page().evaluate("document.documentElement.scrollWidth"))
          .isEqualTo(width);
    }
    registration.delete();
  }

  @Test
  void isDarkOrLightAsTheSystemIsUnlessSomebodyChose() {
    NewContextOptions dark = new NewContextOptions().setColorScheme(ColorScheme.DARK);
    try (DashboardPage dashboard = new DashboardPage(chromium, dark)) {
      var unused = dashboard.go(cluster.url(), "");
      String inDark = background(dashboard);
      dashboard.button("Theme: system").click();
      String inLight = background(dashboard);
      var again = dashboard.page().reload();

      assertThat(inLight).isNotEqualTo(inDark);
      assertThat(dashboard.button("Theme: light")).isVisible();
      assertThat(background(dashboard)).isEqualTo(inLight);
    }
  }

  private static String background(DashboardPage dashboard) {
    return (String) dashboard.page().evaluate("getComputedStyle(document.body).backgroundColor");
  }

  /** WCAG 2, success criterion 1.4.3: 4.5 to 1 for text, whichever theme it is shown in. */
  @ParameterizedTest
  @EnumSource(names = {"LIGHT", "DARK"})
  void textIsReadable(ColorScheme scheme) {
    BackgroundFetchRegistration failed =
        ended("readable in " + scheme, "/bytes/10", "/status/404", "/reset");
    BackgroundFetchRegistration paused = fetch("paused in " + scheme, "/never");
    var unused = paused.pause();
    NewContextOptions options = new NewContextOptions().setColorScheme(scheme);
    try (DashboardPage dashboard = new DashboardPage(chromium, options)) {
      var there = dashboard.go(cluster.url(), "");
      assertThat(dashboard.row(paused.uid())).containsText("Paused");
      assertThat(dashboard.find("#workers tbody tr")).hasCount(2);
      assertThat(dashboard.faintTexts()).isEmpty();
      dashboard.row(failed.uid()).locator("a").click();
      assertThat(dashboard.find(".records-table tbody tr")).hasCount(3);
      assertThat(dashboard.faintTexts()).isEmpty();
    }
    paused.abort();
  }

  /** Nested tests come last: the gateway is another one afterwards. */
  @Nested
  class WhenTheGatewayComesBackAndWantsAKey {
    private static final String KEY = "a-key-of-the-only-tenant";

    @Test
    void asksForItAndShowsTheTrueState() throws Exception {
      BackgroundFetchRegistration registration = ended("kept", "/bytes/4321?seed=3", "/status/404");
      try (Relay relay = new Relay(cluster.url().getPort());
          DashboardPage dashboard = DashboardPage.at(chromium, relay.url())) {
        assertThat(dashboard.row(registration.uid())).isVisible();
        relay.cut();
        cluster = cluster.restart(directory, Map.of("BGFETCH_API_KEYS", "default:" + KEY));
        relay.leadTo(cluster.url().getPort());

        enter(dashboard, "not-the-key-of-anybody");
        assertThat(dashboard.find("#key-problem")).containsText("not known");
        enter(dashboard, KEY);
        assertThat(dashboard.find("#connection")).hasText("Live");
        dashboard.row(registration.uid()).locator("a").click();
        Locator row = dashboard.find(".records-table tbody tr").first();
        Download saved =
            dashboard.page().waitForDownload(() -> row.locator("[data-part=download]").click());

        assertThat(Files.readAllBytes(saved.path())).isEqualTo(Origin.bytes(3, 4321));
        assertThat(dashboard.requests()).noneMatch(call -> call.contains(KEY));
        var reloaded = dashboard.page().reload();
        assertThat(dashboard.find("#details h1")).hasText("kept");
      }
    }

    private static void enter(DashboardPage dashboard, String key) {
      dashboard.find("#key-input").fill(key);
      dashboard.press("Enter");
    }
  }
}

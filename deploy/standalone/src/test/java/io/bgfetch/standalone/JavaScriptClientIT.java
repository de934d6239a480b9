package io.bgfetch.standalone;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.microsoft.playwright.Page;
import io.bgfetch.testkit.Origin;
import io.bgfetch.testkit.TestBackends;
import io.bgfetch.testkit.WithBackends;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The JavaScript client with a gateway and two workers: the same scenarios ({@code
 * client/js/test/real/scenarios.js}) in Node and in a page of another origin than the gateway's.
 */
@WithBackends
@Timeout(value = 4, unit = TimeUnit.MINUTES)
class JavaScriptClientIT {
  private static final String MODULES = "/client/";
  private static final String SCENARIOS = MODULES + "test/real/scenarios.js";

  @TempDir private static Path directory;
  private static Origin origin;
  private static TestCluster cluster;
  private static String gateway;

  @BeforeAll
  static void start(TestBackends backends) throws Exception {
    origin = Origin.start();
    serve("/", "text/html", "<!doctype html><title>A page of an origin</title>".getBytes(UTF_8));
    serve("/ep-5.mp3", "audio/mpeg", Origin.bytes(5, 200_000));
    serve("/ep-5-artwork.jpg", "image/jpeg", Origin.bytes(6, 3_000));
    try (Stream<Path> files = Files.walk(NodeTests.PACKAGE)) {
      for (Path module : files.filter(JavaScriptClientIT::isModule).toList()) {
        String path = MODULES + NodeTests.PACKAGE.relativize(module);
        serve(path, "text/javascript", Files.readAllBytes(module));
      }
    }
    cluster = TestCluster.start(backends, directory, Map.of("BGFETCH_HTTP_ORIGINS", pages()));
    gateway = cluster.url().toString().replaceAll("/$", "");
  }

  private static boolean isModule(Path file) {
    return file.toString().endsWith(".js") && !file.toString().contains("node_modules");
  }

  private static void serve(String path, String type, byte[] body) {
    Handler<HttpServerRequest> page =
        request -> {
          var unused = request.response().putHeader("Content-Type", type).end(Buffer.buffer(body));
        };
    var unused = origin.on(path, page);
  }

  /** The origin, in the Web's sense, of the pages. */
  private static String pages() {
    return origin.url("/").replaceAll("/$", "");
  }

  @AfterAll
  static void stop() {
    cluster.close();
    origin.close();
  }

  @TestFactory
  Stream<DynamicTest> inNode() throws Exception {
    return NodeTests.run(
        directory,
        Map.of("BGFETCH_URL", gateway, "ORIGIN_URL", pages()),
        NodeTests.filesIn("test/real"));
  }

  @TestFactory
  Stream<DynamicTest> inChromium() {
    Chromium chromium = Chromium.start();
    Page page = chromium.open(origin.url("/"));
    @SuppressWarnings("unchecked")
    List<String> names =
        (List<String>)
            page.evaluate("async path => Object.keys((await import(path)).scenarios)", SCENARIOS);
    assertThat(names).isNotEmpty();
    return names.stream()
        .map(name -> dynamicTest(name, () -> run(page, name)))
        .onClose(chromium::close);
  }

  private static void run(Page page, String name) {
    Object failure =
        page.evaluate(
            """
            async ([path, name, where]) => {
              const { scenarios } = await import(path);
              const late = new Promise((resolve) => setTimeout(() => resolve('it does not end'), 60000));
              const run = scenarios[name](where).then(() => null, (error) => `${error}\\n${error.stack}`);
              return Promise.race([run, late]);
            }\
            """,
            List.of(SCENARIOS, name, Map.of("gateway", gateway, "origin", pages())));
    assertThat(failure).isNull();
  }

  /** The events go to the worker itself, as in the browser; it writes to its page. */
  @Test
  void worksInAServiceWorker() {
    serve(
        "/service-worker.js",
        "text/javascript",
        """
        import { BackgroundFetchManager } from '/client/index.js';
        const backgroundFetch = new BackgroundFetchManager(new URL(location).searchParams.get('gateway'));
        const say = async (message) => {
          for (const client of await clients.matchAll({ includeUncontrolled: true })) {
            client.postMessage(message);
          }
        };
        backgroundFetch.onbackgroundfetchsuccess = (event) => {
          event.waitUntil((async () => {
            const cache = await caches.open(event.registration.id);
            const records = await event.registration.matchAll();
            await Promise.all(records.map(async (record) => {
              await cache.put(record.request, await record.responseReady);
            }));
            await event.updateUI({ title: 'saved' });
            await say(event.registration.id);
          })());
        };
        addEventListener('message', async ({ data: url }) => {
          await backgroundFetch.fetch('of-a-worker', [url]);
        });
        """
            .getBytes(UTF_8));
    try (Chromium chromium = Chromium.start()) {
      Page page = chromium.open(origin.url("/"));

      Object saved =
          page.evaluate(
              """
              async ([gateway, url]) => {
                const heard = new Promise((resolve) => {
                  navigator.serviceWorker.onmessage = (event) => resolve(event.data);
                });
                navigator.serviceWorker.startMessages();
                await navigator.serviceWorker.register(
                    `/service-worker.js?gateway=${encodeURIComponent(gateway)}`, { type: 'module' });
                const { active } = await navigator.serviceWorker.ready;
                active.postMessage(url);
                const late = new Promise((resolve) => setTimeout(() => resolve('nothing is heard'), 60000));
                const id = await Promise.race([heard, late]);
                const response = await (await caches.open(id)).match(url);
                return `${id}: ${(await response?.arrayBuffer())?.byteLength} bytes`;
              }\
              """,
              List.of(gateway, origin.url("/bytes/70000?seed=9")));

      assertThat(saved).isEqualTo("of-a-worker: 70000 bytes");
    }
  }
}

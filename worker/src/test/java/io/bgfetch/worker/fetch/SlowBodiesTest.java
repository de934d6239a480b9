package io.bgfetch.worker.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.bgfetch.blob.BlobStore;
import io.bgfetch.fetch.FetchRequest;
import io.bgfetch.fetch.RetryPolicy;
import io.bgfetch.fetch.Timeouts;
import io.bgfetch.message.FetchEvent.Broke;
import io.bgfetch.message.FetchEvent.SegmentStored;
import io.bgfetch.message.FetchEvent.Yielded;
import io.bgfetch.testkit.Origin;
import io.bgfetch.worker.fetch.FetchUnderTest.Running;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import java.io.IOException;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What happens to a body while it comes. */
class SlowBodiesTest {

  private static final int HALF = 20_000;
  private static final long LATER_MILLIS = 2_000;

  @TempDir Path directory;
  private Origin origin;
  private final AtomicReference<HttpServerResponse> slow = new AtomicReference<>();

  @BeforeEach
  void start() {
    origin = Origin.start();
  }

  @AfterEach
  void stop() {
    origin.close();
  }

  /** The first half of the body of an answer with that status has come, and is old enough. */
  private Running begin(FetchUnderTest worker, int status) {
    origin.on(
        "/",
        request -> {
          HttpServerResponse response = request.response().setStatusCode(status);
          slow.set(response);
          var unused = response.setChunked(true).write(Buffer.buffer(new byte[HALF]));
        });
    FetchRequest request = FetchRequest.get(origin.url("/"));
    Running running =
        worker.begin(request, new RetryPolicy(5, Set.of(503), false), Timeouts.DEFAULT);
    await().until(() -> running.fetch().downloaded() == HALF);
    running
        .context()
        .runOnContext(now -> running.fetch().tick(System.currentTimeMillis() + LATER_MILLIS));
    return running;
  }

  private void goOn() {
    var unused = slow.get().end(Buffer.buffer(new byte[HALF]));
  }

  @Test
  void aStatusThatWillBeTriedAgainIsNotShown() {
    try (FetchUnderTest worker = new FetchUnderTest(directory, Map.of())) {
      Running running = begin(worker, 503);
      goOn();

      Broke broke = (Broke) FetchUnderTest.ending(running);

      assertThat(worker.told()).isEmpty();
      assertThat(broke.kept()).isNull();
      assertThat(broke.fallback().body().size()).isEqualTo(2L * HALF);
    }
  }

  @Test
  void aStoreThatFillsUpGivesTheJobBackWithWhatIsStored() {
    try (FetchUnderTest worker = new FetchUnderTest(directory, Map.of(), this::roomForOne)) {
      Running running = begin(worker, 200);
      await().until(() -> worker.told().stream().anyMatch(SegmentStored.class::isInstance));
      goOn();

      Yielded back = (Yielded) FetchUnderTest.ending(running);

      assertThat(back.kept().stored().size()).isEqualTo(HALF);
    }
  }

  private BlobStore roomForOne(BlobStore store) {
    AtomicInteger begun = new AtomicInteger();
    InvocationHandler filling =
        (proxy, method, arguments) -> {
          if (method.getName().equals("begin") && begun.incrementAndGet() > 1) {
            throw new IOException("No space left on device");
          }
          return method.invoke(store, arguments);
        };
    return (BlobStore)
        Proxy.newProxyInstance(
            BlobStore.class.getClassLoader(), new Class<?>[] {BlobStore.class}, filling);
  }
}

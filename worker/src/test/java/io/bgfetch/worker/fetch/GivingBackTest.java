package io.bgfetch.worker.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.bgfetch.blob.BlobStore;
import io.bgfetch.fetch.FetchRequest;
import io.bgfetch.fetch.RetryPolicy;
import io.bgfetch.fetch.Timeouts;
import io.bgfetch.message.FetchEvent.SegmentStored;
import io.bgfetch.message.FetchEvent.Yielded;
import io.bgfetch.testkit.Answer;
import io.bgfetch.testkit.Origin;
import io.bgfetch.worker.fetch.FetchUnderTest.Running;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GivingBackTest {

  @TempDir Path directory;
  private final CountDownLatch slow = new CountDownLatch(1);
  private Origin origin;

  @BeforeEach
  void start() {
    origin = Origin.start();
    origin.on("/", Answer.whole(Origin.bytes(1, 1_000)).stallAfter(600));
  }

  @AfterEach
  void stop() {
    slow.countDown();
    origin.close();
  }

  private Running begin(FetchUnderTest worker) {
    Running running =
        worker.begin(FetchRequest.get(origin.url("/")), RetryPolicy.DEFAULT, Timeouts.DEFAULT);
    await().until(() -> running.fetch().downloaded() == 600);
    return running;
  }

  @Test
  void tellsWhatCameBeforeIt() {
    try (FetchUnderTest worker = new FetchUnderTest(directory, Map.of())) {
      Running running = begin(worker);
      running.giveBack();

      assertThat(FetchUnderTest.ending(running))
          .isInstanceOfSatisfying(
              Yielded.class,
              back -> {
                assertThat(back.why()).isEqualTo("moved");
                assertThat(back.kept().stored().size()).isEqualTo(600);
              });
      assertThat(worker.told())
          .last()
          .isInstanceOfSatisfying(
              SegmentStored.class, last -> assertThat(last.stored().size()).isEqualTo(600));
      await().until(() -> origin.open() == 0);
    }
  }

  @Test
  void doesNotWaitForASlowStoreForEver() {
    try (FetchUnderTest worker = new FetchUnderTest(directory, Map.of(), this::slow)) {
      Running running = begin(worker);
      running.giveBack();

      assertThat(FetchUnderTest.ending(running)).isInstanceOf(Yielded.class);
      assertThat(worker.told()).noneMatch(SegmentStored.class::isInstance);
      slow.countDown();
    }
  }

  /** A store that takes bytes only when the test lets it. */
  private BlobStore slow(BlobStore store) {
    InvocationHandler waiting =
        (proxy, method, arguments) -> {
          if (method.getName().equals("begin")) {
            slow.await();
          }
          return method.invoke(store, arguments);
        };
    return (BlobStore)
        Proxy.newProxyInstance(
            BlobStore.class.getClassLoader(), new Class<?>[] {BlobStore.class}, waiting);
  }
}

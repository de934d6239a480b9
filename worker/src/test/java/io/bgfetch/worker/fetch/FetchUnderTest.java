package io.bgfetch.worker.fetch;

import io.bgfetch.blob.BlobStore;
import io.bgfetch.blob.FileBlobStore;
import io.bgfetch.blob.StoredBody;
import io.bgfetch.config.Settings;
import io.bgfetch.egress.EgressGuard;
import io.bgfetch.egress.EgressSettings;
import io.bgfetch.egress.HostNames;
import io.bgfetch.fetch.FetchRequest;
import io.bgfetch.fetch.FetchResult;
import io.bgfetch.fetch.RedirectMode;
import io.bgfetch.fetch.RetryPolicy;
import io.bgfetch.fetch.SealedHeader;
import io.bgfetch.fetch.Timeouts;
import io.bgfetch.lane.HostLimit;
import io.bgfetch.lane.HostLimits;
import io.bgfetch.lane.LaneLayout;
import io.bgfetch.message.FetchEvent;
import io.bgfetch.message.FetchEvent.Broke;
import io.bgfetch.message.FetchEvent.Settled;
import io.bgfetch.message.FetchJob;
import io.bgfetch.seal.HeaderSeal;
import io.bgfetch.seal.SealKey;
import io.bgfetch.url.WebUrl;
import io.bgfetch.worker.coding.DecoderMemory;
import io.bgfetch.worker.lane.Detours;
import io.bgfetch.worker.lane.Limits;
import io.bgfetch.worker.report.News;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;

/**
 * The network side of a worker: real fetches, without lanes, orders and Kafka. All names below
 * {@code .test} lead to 127.0.0.1, which is open.
 */
final class FetchUnderTest implements AutoCloseable {

  private static final Duration WITHIN = Duration.ofSeconds(20);
  private static final int TICK_MILLIS = 20;

  private final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
  private final Context context = vertx.getOrCreateContext();
  private final List<Sign> signs = new CopyOnWriteArrayList<>();
  private final List<FetchEvent> told = new CopyOnWriteArrayList<>();
  private final FileBlobStore store;
  private final BlobThreads threads;
  private final OriginClient client;
  private final EgressGuard guard;
  private final HeaderSeal seal;
  private final FetchMeans means;

  FetchUnderTest(Path directory, Map<String, String> settings) {
    this(directory, settings, same -> same);
  }

  /** With a blob store that is made of the one of that directory. */
  FetchUnderTest(Path directory, Map<String, String> settings, UnaryOperator<BlobStore> storeOf) {
    Map<String, String> all = new HashMap<>(settings);
    all.putIfAbsent("BGFETCH_EGRESS_ALLOW", "127.0.0.1");
    all.put("BGFETCH_SECRET_KEY", Base64.getEncoder().encodeToString(new byte[32]));
    Settings read = Settings.of(all, new Properties());
    EgressSettings egress = EgressSettings.from(read);
    try {
      store = new FileBlobStore(directory);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    threads = new BlobThreads(vertx, "blobs", 4);
    client = new OriginClient(vertx, egress, 16, Duration.ofSeconds(5));
    guard = EgressGuard.open(egress.allow(), new TestNames());
    seal = new HeaderSeal(SealKey.from(read), new SecureRandom());
    means =
        new FetchMeans(
            "worker",
            guard,
            seal,
            client,
            new Detours(
                new Limits(new LaneLayout(8), HostLimits.same(HostLimit.ofConcurrency(8)), 16)),
            storeOf.apply(store),
            threads,
            WriteBudget.ofThisProcess(),
            DecoderMemory.ofThisProcess(),
            new Traffic(),
            new Told(),
            "bgfetch/test",
            Timeouts.DEFAULT,
            InstantSource.system());
    await(onContext(() -> threads.start().compose(started -> client.start())));
  }

  /** A request with what a plain GET has not. */
  static FetchRequest request(
      String method, String url, Map<String, String> headers, StoredBody body) {
    return new FetchRequest(url, method, headers, Map.of(), body, RedirectMode.FOLLOW, null);
  }

  Sealed sealed(String name, String value) {
    return new Sealed(name, seal.seal(name, value));
  }

  record Sealed(String name, SealedHeader header) {}

  Settled settled(FetchRequest request) {
    return (Settled) fetch(request);
  }

  Broke broke(FetchRequest request) {
    return (Broke) fetch(request);
  }

  FetchEvent.OfTask fetch(FetchRequest request) {
    return ending(begin(request, RetryPolicy.DEFAULT, Timeouts.DEFAULT));
  }

  static FetchEvent.OfTask ending(Running running) {
    return await(running.ending()).orElseThrow();
  }

  /** What hosts said of themselves. */
  List<Sign> signs() {
    return signs;
  }

  record Sign(String host, int status, Long retryAfter) {}

  /** A fetch under way, and how it ends. */
  record Running(Context context, RunningFetch fetch, Future<Optional<FetchEvent.OfTask>> ending) {

    void cut() {
      context.runOnContext(now -> fetch.cut());
    }

    void giveBack() {
      context.runOnContext(now -> fetch.giveBack("moved", null));
    }
  }

  Running begin(FetchRequest request, RetryPolicy retry, Timeouts timeouts) {
    return begin(request, retry, timeouts, null);
  }

  /** A further attempt, which goes on from what is kept. */
  Running begin(FetchRequest request, RetryPolicy retry, Timeouts timeouts, FetchJob.Resume kept) {
    FetchJob job =
        new FetchJob(
            UUID.randomUUID(),
            0,
            1,
            0,
            "default",
            WebUrl.parse(request.url()).authority() + "#0",
            1,
            System.currentTimeMillis(),
            request,
            retry,
            timeouts,
            Long.MAX_VALUE,
            FetchResult.DOWNLOAD_TOTAL_EXCEEDED,
            0,
            kept);
    RunningFetch fetch =
        means.begin(
            job,
            job.task("token"),
            new Cleared(),
            (host, status, retryAfter) -> signs.add(new Sign(host, status, retryAfter)));
    long ticks = vertx.setPeriodic(TICK_MILLIS, tick -> fetch.tick(System.currentTimeMillis()));
    Future<Optional<FetchEvent.OfTask>> ending =
        onContext(fetch::perform).onComplete(ended -> vertx.cancelTimer(ticks));
    return new Running(context, fetch, ending);
  }

  private <T> Future<T> onContext(java.util.function.Supplier<Future<T>> work) {
    Promise<T> promise = Promise.promise();
    context.runOnContext(now -> work.get().onComplete(promise));
    return promise.future();
  }

  List<FetchEvent> told() {
    return told;
  }

  /** A request body in the store. */
  StoredBody.Segments stored(byte[]... segments) {
    List<StoredBody.Segment> written = new ArrayList<>();
    try {
      for (byte[] segment : segments) {
        String key = UUID.randomUUID() + "/body/" + written.size();
        try (var draft = store.begin(key)) {
          draft.write(ByteBuffer.wrap(segment));
          draft.commit();
        }
        written.add(new StoredBody.Segment(key, segment.length));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new StoredBody.Segments(written);
  }

  byte[] read(StoredBody body) {
    return switch (body) {
      case StoredBody.Inline inline -> inline.bytes();
      case StoredBody.Segments segments -> {
        ByteArrayOutputStream whole = new ByteArrayOutputStream();
        for (StoredBody.Segment segment : segments.segments()) {
          try (InputStream in = Channels.newInputStream(store.open(segment.key(), 0))) {
            in.transferTo(whole);
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        }
        yield whole.toByteArray();
      }
    };
  }

  @Override
  public void close() {
    await(onContext(() -> client.stop().compose(stopped -> threads.stop())));
    guard.close();
    store.close();
    await(vertx.close());
  }

  private static <T> T await(Future<T> future) {
    try {
      return future
          .toCompletionStage()
          .toCompletableFuture()
          .get(WITHIN.toSeconds(), TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private static final class Cleared implements Clearance {

    @Override
    public Future<Void> firstByte() {
      return Future.succeededFuture();
    }

    @Override
    public Future<Void> furtherHop(String host) {
      return Future.succeededFuture();
    }
  }

  private final class Told implements News {

    @Override
    public void tell(int shard, FetchEvent event) {
      told.add(event);
    }

    @Override
    public Future<Void> deliver(int shard, FetchEvent.OfTask last) {
      throw new UnsupportedOperationException();
    }
  }

  private static final class TestNames implements HostNames {

    @Override
    public Future<List<InetAddress>> addressesOf(String name) {
      return name.endsWith(".test")
          ? Future.succeededFuture(List.of(InetAddress.getLoopbackAddress()))
          : Future.failedFuture(new AssertionError("asked: " + name));
    }

    @Override
    public void close() {}
  }
}

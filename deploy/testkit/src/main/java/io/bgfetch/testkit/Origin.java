package io.bgfetch.testkit;

import static java.util.concurrent.TimeUnit.SECONDS;

import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;

/**
 * A web server (HTTP/1.1) on 127.0.0.1 for tests to fetch from, on an event loop of its own. Its
 * pages behave well and badly on demand:
 *
 * <ul>
 *   <li>{@code /bytes/{n}?seed=s}: n bytes, those of {@link #bytes(long, int)}, as fast as they are
 *       read; any n, never more than a chunk in memory
 *   <li>{@code /slow/{ms}/…}: the page behind it after so many milliseconds; alone: 200
 *   <li>{@code /drip/{n}?seed=s&chunk=1024&every=100}: the same n bytes, a chunk every so many
 *       milliseconds
 *   <li>{@code /status/{code}}: that status with a short text
 *   <li>{@code /redirect/{k}}: 302, k times, then 200
 *   <li>{@code /redirect-to?url=…&status=302}: one redirect to anywhere
 *   <li>{@code /cut/{n}/{after}?seed=s}: promises n bytes, closes the connection after so many
 *   <li>{@code /never}: takes the request and never answers
 *   <li>{@code /echo}: any method; a JSON object with {@code method}, {@code uri}, {@code headers}
 *       (names in lower case), {@code body} (as UTF-8) and {@code bodyBase64}
 *   <li>{@code /flaky/{k}?key=…}: the connection is reset k times per key (else per path), then 200
 *   <li>{@code /reset}: the connection is reset, always
 * </ul>
 *
 * <p>It counts what it sees. Thread-safe; who started it closes it.
 */
public final class Origin implements AutoCloseable {
  private static final String HOST = "127.0.0.1";
  private static final int LONGEST_LINE = 64 << 10;
  private static final int LARGEST_HEAD = 256 << 10;
  private static final int BACKLOG = 4096;

  private final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
  private final Traffic traffic = new Traffic();
  private final Pages pages = new Pages(vertx);
  private final Map<String, Handler<HttpServerRequest>> own = new ConcurrentHashMap<>();
  private final HttpServer server;

  /**
   * The head of a request that was seen.
   *
   * @param uri path and query, as sent
   */
  public record Head(String method, String uri, MultiMap headers) {}

  private Origin(int port) {
    HttpServerOptions options =
        new HttpServerOptions()
            .setHost(HOST)
            .setPort(port)
            .setHttp2ClearTextEnabled(false)
            .setAcceptBacklog(BACKLOG)
            .setMaxInitialLineLength(LONGEST_LINE)
            .setMaxHeaderSize(LARGEST_HEAD);
    this.server = vertx.createHttpServer(options).requestHandler(this::handle);
  }

  /** Starts one on a free port; it listens when this returns. */
  public static Origin start() {
    return start(0);
  }

  /** Starts one on the port, for example that of one which was closed. */
  public static Origin start(int port) {
    Origin origin = new Origin(port);
    try {
      await(origin.server.listen());
      return origin;
    } catch (RuntimeException e) {
      origin.close();
      throw e;
    }
  }

  private void handle(HttpServerRequest request) {
    traffic.observe(request);
    own.getOrDefault(request.path(), pages::answer).handle(request);
  }

  /** Gives the path a handler of the test's own, instead of the one it had. */
  public Origin on(String path, Handler<HttpServerRequest> handler) {
    own.put(path, handler);
    return this;
  }

  /** The port on 127.0.0.1. */
  public int port() {
    return server.actualPort();
  }

  /** The absolute URL of a path (with query) that begins with a slash. */
  public String url(String path) {
    return "http://%s:%d%s".formatted(HOST, port(), path);
  }

  /** The first n bytes of {@code /bytes/{n}?seed=…}. */
  public static byte[] bytes(long seed, int n) {
    return new RandomBytes(seed).read(0, n);
  }

  /** SHA-256 of the body of {@code /bytes/{n}?seed=…}, in lower-case hex. */
  public static String sha256(long seed, long n) {
    return new RandomBytes(seed).sha256(n);
  }

  /** How many requests have come. */
  public int requests() {
    return traffic.requests();
  }

  /** How many of them had exactly this path (without query). */
  public int requests(String path) {
    return traffic.requests(path);
  }

  /** How many requests are being answered now. */
  public int open() {
    return traffic.open();
  }

  /** The most that were being answered at one time. */
  public int maxConcurrent() {
    return traffic.mostOpen();
  }

  /** Forgets what the most was; those that are being answered now count from the start. */
  public void countMostAnew() {
    traffic.countMostAnew();
  }

  /** The heads of the first 10,000 requests, in the order of their coming. */
  public List<Head> heads() {
    return traffic.heads();
  }

  /**
   * Waits until so many requests have come.
   *
   * @throws AssertionError when the deadline passes before
   */
  public void awaitRequests(int count, Duration deadline) throws InterruptedException {
    if (!traffic.awaitRequests(count, deadline)) {
      throw new AssertionError(
          "%d of %d requests have come within %s".formatted(requests(), count, deadline));
    }
  }

  /** Closes all connections and gives the port back. */
  @Override
  public void close() {
    await(vertx.close());
  }

  private static void await(Future<?> future) {
    try {
      var unused = future.toCompletionStage().toCompletableFuture().get(10, SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw new IllegalStateException("the origin cannot be started or ended", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }
}

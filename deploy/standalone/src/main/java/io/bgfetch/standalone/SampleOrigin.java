package io.bgfetch.standalone;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.bgfetch.client.FetchRequest;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * A web server on 127.0.0.1 that has sample files, and the first of them behind a redirect. It is
 * as fast as a good line and no faster, so that there is progress to be seen.
 */
final class SampleOrigin implements AutoCloseable {
  private static final int BLOCK = 1 << 16;
  private static final Duration PAUSE = Duration.ofMillis(5);
  private static final int OK = 200;
  private static final int FOUND = 302;
  private static final int NOT_FOUND = 404;
  private static final int NO_BODY = -1;
  private static final String MOVED = "/moved/";

  private final SampleFiles samples;
  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  private SampleOrigin(SampleFiles samples, HttpServer server) {
    this.samples = samples;
    this.server = server;
  }

  static SampleOrigin start(SampleFiles samples) throws IOException {
    InetAddress loopback = InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
    HttpServer server = HttpServer.create(new InetSocketAddress(loopback, 0), 0);
    SampleOrigin origin = new SampleOrigin(samples, server);
    server.setExecutor(origin.threads);
    var unused = server.createContext("/", origin::answer);
    server.start();
    return origin;
  }

  URI url() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/");
  }

  /** A request for each file, in their order; relative ones. */
  List<FetchRequest> requests() {
    List<FetchRequest> requests = new ArrayList<>();
    for (Path file : samples.files()) {
      String directory = requests.isEmpty() ? MOVED : "/";
      requests.add(FetchRequest.of(directory + file.getFileName()));
    }
    return requests;
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      String path = exchange.getRequestURI().getPath();
      if (path.startsWith(MOVED)) {
        exchange.getResponseHeaders().set("Location", "/" + path.substring(MOVED.length()));
        exchange.sendResponseHeaders(FOUND, NO_BODY);
        return;
      }
      Path file = samples.directory().resolve(path.substring(1));
      if (samples.files().contains(file)) {
        send(file, exchange);
      } else {
        exchange.sendResponseHeaders(NOT_FOUND, NO_BODY);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void send(Path file, HttpExchange exchange)
      throws IOException, InterruptedException {
    exchange.getResponseHeaders().set("Content-Type", "application/octet-stream");
    exchange.sendResponseHeaders(OK, Files.size(file));
    try (InputStream in = Files.newInputStream(file);
        OutputStream out = exchange.getResponseBody()) {
      for (byte[] block = in.readNBytes(BLOCK); block.length > 0; block = in.readNBytes(BLOCK)) {
        out.write(block);
        Thread.sleep(PAUSE);
      }
    }
  }

  @Override
  public void close() {
    server.stop(0);
    var unusedTasks = threads.shutdownNow();
  }
}

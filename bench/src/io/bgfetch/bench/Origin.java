package io.bgfetch.bench;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;

/**
 * nginx on a free port of loopback with files that are random but always the same. It answers at
 * once, and under {@code /slow/} after 100 ms.
 */
final class Origin implements AutoCloseable {

  /** After which {@link #slow} answers. */
  static final Duration SLOW = Duration.ofMillis(100);

  private static final Duration STARTING = Duration.ofSeconds(10);
  private static final int PIECE = 1 << 20;
  private static final int MOST_FILES = 65_536;
  private static final int MOST_CONNECTIONS = 4_096;

  private final Path www;
  private final Child nginx;
  private final int port;
  private final Map<Long, List<byte[]>> files = new TreeMap<>();

  private Origin(Path www, Child nginx, int port) {
    this.www = www;
    this.nginx = nginx;
    this.port = port;
  }

  static Origin start(Path directory) throws Exception {
    Path www = Files.createDirectories(directory.resolve("www"));
    int port = freePort();
    Path configuration = directory.resolve("nginx.conf");
    Files.writeString(configuration, configuration(directory, port));
    List<String> command =
        List.of(
            Programs.path("nginx"),
            "-p",
            directory.toString(),
            "-e",
            directory.resolve("nginx-error.log").toString(),
            "-c",
            configuration.toString());
    Child nginx = Child.start("nginx", directory, Map.of(), command);
    Origin origin = new Origin(www, nginx, port);
    try {
      origin.awaitConnection();
    } catch (Exception e) {
      nginx.close();
      throw e;
    }
    return origin;
  }

  private static int freePort() throws IOException {
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return free.getLocalPort();
    }
  }

  private static String configuration(Path directory, int port) throws IOException {
    long files = Math.min(MOST_FILES, Programs.mostOpenFiles());
    long connections = Math.min(MOST_CONNECTIONS, files / 2 - 32); // each has a file open, too
    return """
    %s
    worker_processes %d;
    worker_rlimit_nofile %d;
    daemon off;
    pid nginx.pid;
    load_module %s/ngx_http_echo_module.so;
    events { worker_connections %d; }
    http {
      access_log off;
      sendfile on; tcp_nopush on; tcp_nodelay on;
      keepalive_requests 1000000;
      types {} default_type application/octet-stream;
      client_body_temp_path tmp-body; proxy_temp_path tmp-proxy; fastcgi_temp_path tmp-fastcgi;
      uwsgi_temp_path tmp-uwsgi; scgi_temp_path tmp-scgi;
      server {
        listen 127.0.0.1:%d backlog=4096;
        root "%s/www";
        location /slow/ { echo_sleep %.3f; echo_exec @file; }
        location @file { rewrite ^/slow/(.*)$ /$1 break; }
      }
    }
    """
        .formatted(
            System.getProperty("user.name").equals("root") ? "user root;" : "",
            Math.clamp(Runtime.getRuntime().availableProcessors() / 2, 1, 4),
            files,
            Programs.nginxModules(),
            connections,
            port,
            directory,
            SLOW.toMillis() / 1000.0);
  }

  private void awaitConnection() throws Failure, InterruptedException {
    long deadline = System.nanoTime() + STARTING.toNanos();
    while (System.nanoTime() < deadline) {
      try (Socket socket = new Socket()) {
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        return;
      } catch (IOException notYet) {
        Thread.sleep(20);
      }
    }
    throw new Failure("nginx did not start: " + nginx.tail());
  }

  String host() {
    return "127.0.0.1:" + port;
  }

  /** So many bodies of so many bytes each, made when they are asked for the first time. */
  Bodies bodies(int count, long size) throws IOException {
    List<byte[]> there = files.get(size);
    if (there == null || there.size() < count) {
      there = write(count, size);
      files.put(size, there);
    }
    return new Bodies(
        "http://" + host() + "/" + size + "/", size, there.subList(0, count), 0, count);
  }

  /** The same, from where answers take 100 ms. */
  Bodies slow(int count, long size) throws IOException {
    Bodies same = bodies(count, size);
    return new Bodies("http://" + host() + "/slow/" + size + "/", size, same.digests(), 0, count);
  }

  private List<byte[]> write(int count, long size) throws IOException {
    Path folder = Files.createDirectories(www.resolve(Long.toString(size)));
    List<byte[]> digests = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      digests.add(
          write(folder.resolve(Integer.toString(i)), new SplittableRandom(size * 31 + i), size));
    }
    return List.copyOf(digests);
  }

  private static byte[] write(Path file, SplittableRandom random, long size) throws IOException {
    MessageDigest digest = Sha256.begin();
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file), 1 << 16)) {
      for (long left = size; left > 0; left -= PIECE) {
        byte[] piece = new byte[(int) Math.min(left, PIECE)];
        random.nextBytes(piece);
        digest.update(piece);
        out.write(piece);
      }
    }
    return digest.digest();
  }

  /** Forgets bodies of this size, for the sake of the disk. */
  void forget(long size) throws IOException {
    if (files.remove(size) != null) {
      Directories.delete(www.resolve(Long.toString(size)));
    }
  }

  @Override
  public void close() throws InterruptedException {
    nginx.close();
  }
}

package io.bgfetch.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import com.sun.management.UnixOperatingSystemMXBean;
import io.bgfetch.gateway.EventReader.Event;
import io.bgfetch.kafka.Topics;
import io.bgfetch.testkit.TestBackends;
import io.bgfetch.testkit.WithBackends;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetSocket;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Many readers of one gateway, and one that does not read. */
@WithBackends
class FollowersIT {

  private static final Duration PATIENCE = Duration.ofSeconds(90);
  private static final int STREAMS = 5_000;
  private static final int AT_ONCE = 250;
  private static final int REGISTRATIONS = 1_000;
  private static final int STATES = 12;
  private static final long FIRST_VERSION = 1_769_860_800_000L;

  @TempDir static Path data;
  static RunningGateway gateway;
  static String kafka;

  @BeforeAll
  static void start(TestBackends backends) {
    kafka = backends.freshKafka();
    gateway = RunningGateway.start(backends.freshDatabase(), kafka, data);
  }

  @AfterAll
  static void stop() {
    gateway.close();
  }

  /** What came on one of many connections. */
  private static final class Received {

    private final StringBuilder text = new StringBuilder();

    synchronized void append(String more) {
      text.append(more);
    }

    synchronized boolean has(String part) {
      return text.indexOf(part) >= 0;
    }
  }

  @Test
  void fiveThousandHearOfAnEnd() {
    assumeThat(openFiles()).as("files that may be open").isGreaterThan(2 * STREAMS + 1_000);
    String uid = gateway.registered("followed by many", "http://a.example/");
    Vertx vertx = Vertx.vertx();
    NetClient client = vertx.createNetClient();
    List<Received> all = new ArrayList<>();
    long before = usedHeap();
    try {
      while (all.size() < STREAMS) {
        List<Received> some = new ArrayList<>();
        for (int n = 0; n < AT_ONCE; n++) {
          some.add(follow(client));
        }
        await()
            .atMost(PATIENCE)
            .until(() -> some.stream().allMatch(one -> one.has("event: progress")));
        all.addAll(some);
      }
      long each = (usedHeap() - before) / STREAMS;
      long aborted = System.nanoTime();

      assertThat(gateway.post("/v1/fetches/" + uid + "/abort", "a/b", "").body()).contains("true");
      await()
          .atMost(PATIENCE)
          .until(() -> all.stream().allMatch(one -> one.has("event: backgroundfetchabort")));

      System.out.printf(
          "%d streams: %d bytes of heap each with the client's side, all told in %d ms%n",
          STREAMS, each, (System.nanoTime() - aborted) / 1_000_000);
      assertThat(each).isLessThan(64 * 1024);
    } finally {
      vertx.close().await();
    }
  }

  private static Received follow(NetClient client) {
    URI uri = gateway.uri("/v1/events");
    Received received = new Received();
    client
        .connect(uri.getPort(), uri.getHost())
        .onSuccess(socket -> follow(socket, uri, received))
        .onFailure(Throwable::printStackTrace);
    return received;
  }

  private static void follow(NetSocket socket, URI uri, Received received) {
    socket.handler(buffer -> received.append(buffer.toString(UTF_8)));
    socket.write(request(uri)).onFailure(Throwable::printStackTrace);
  }

  private static String request(URI uri) {
    return "GET %s HTTP/1.1\r\nHost: %s\r\n\r\n".formatted(uri.getPath(), uri.getAuthority());
  }

  private static long openFiles() {
    return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix
        ? unix.getMaxFileDescriptorCount()
        : 0;
  }

  private static long usedHeap() {
    System.gc();
    Runtime runtime = Runtime.getRuntime();
    return runtime.totalMemory() - runtime.freeMemory();
  }

  @Test
  void oneThatDoesNotReadIsShownTheLastStatesAndEachEndLater() throws IOException {
    List<String> uids = gateway.texts(ACTIVE.formatted(REGISTRATIONS));
    URI uri = gateway.uri("/v1/events");
    try (Socket slow = new Socket();
        KafkaProducer<byte[], byte[]> news = producer()) {
      slow.setReceiveBufferSize(32 * 1024);
      slow.connect(new InetSocketAddress(uri.getHost(), uri.getPort()));
      slow.getOutputStream().write(request(uri).getBytes(UTF_8));
      await().until(() -> slow.getInputStream().available() > 0);
      try (EventReader quick = new EventReader(gateway, gateway.request("/v1/events").build())) {
        for (int state = 1; state <= STATES; state++) {
          publish(news, uids, FIRST_VERSION + state, "progress");
        }
        gateway.sql(END.formatted(FIRST_VERSION + 100));
        publish(news, uids, FIRST_VERSION + 100, "success");
        await().atMost(PATIENCE).until(() -> ends(quick.events()) >= uids.size());
      }

      assertThat(readUntilAllEnded(slow, uids.size())).isLessThan(STATES * REGISTRATIONS / 2);
    }
  }

  private static KafkaProducer<byte[], byte[]> producer() {
    return new KafkaProducer<>(
        Map.of("bootstrap.servers", kafka, "linger.ms", 20),
        new ByteArraySerializer(),
        new ByteArraySerializer());
  }

  private static void publish(
      KafkaProducer<byte[], byte[]> news, List<String> uids, long version, String type) {
    for (String uid : uids) {
      JsonObject state =
          new JsonObject().put("uid", uid).put("version", version).put("title", "x".repeat(2_000));
      ProducerRecord<byte[], byte[]> record =
          new ProducerRecord<>(Topics.PROGRESS, uid.getBytes(UTF_8), state.toBuffer().getBytes());
      record.headers().add("ce_id", (uid + ":" + version + ":" + type).getBytes(UTF_8));
      record.headers().add("tenant", "default".getBytes(UTF_8));
      news.send(record);
    }
    news.flush();
  }

  private static long ends(List<Event> events) {
    return events.stream().filter(e -> e.type().equals("backgroundfetchsuccess")).count();
  }

  /** How many events it took; each later than the one before of the same registration. */
  private static int readUntilAllEnded(Socket slow, int registrations) throws IOException {
    slow.setSoTimeout((int) PATIENCE.toMillis());
    Map<String, Long> versions = new HashMap<>();
    AtomicInteger ended = new AtomicInteger();
    int events = 0;
    BufferedReader lines = new BufferedReader(new InputStreamReader(slow.getInputStream(), UTF_8));
    String type = "";
    while (ended.get() < registrations) {
      String line = lines.readLine();
      if (line.startsWith("event: ")) {
        type = line;
      } else if (line.startsWith("id: ")) {
        String[] id = line.substring("id: ".length()).split(":");
        long version = Long.parseLong(id[1]);
        Long before = versions.put(id[0], version);
        assertThat(before == null || before < version).as(line).isTrue();
        events++;
        if (type.endsWith("success")) {
          ended.incrementAndGet();
          assertThat(version).isEqualTo(FIRST_VERSION + 100);
        }
      }
    }
    return events;
  }

  /** Of a shard that nobody owns. */
  private static final String ACTIVE =
      """
      INSERT INTO registration (uid, tenant, id, id_hash, shard, title, icons,
        retry_limit, retry_statuses, retry_unsafe, connect_millis, first_byte_millis,
        idle_millis, total_millis, retention_seconds, upload_total, download_total, total,
        version)
      SELECT gen_random_uuid(), 'default', 'slow ' || n, sha256(n::text::bytea), 99,
             repeat('x', 500), '[]', 5, '{}', false, 1, 1, 1, 1, 86400, 0, 0, 1, 1
        FROM generate_series(1, %d) AS n
      RETURNING uid::text
      """;

  private static final String END =
      """
      UPDATE registration
         SET result = 'success', settled = 1, succeeded = 1, version = %1$d, end_version = %1$d,
             published_version = %1$d, ended_at = now(), expires_at = now() + interval '1 day'
       WHERE shard = 99
      """;
}

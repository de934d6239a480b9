package io.bgfetch.standalone;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.json.JsonObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Follows all registrations by server-sent events as an {@code EventSource} would: at one gateway
 * until that dies, then at another, going on behind the last event that it has seen.
 */
final class EventFollower implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Duration RETRY = Duration.ofMillis(500);

  /** Longer than it takes to the next comment. */
  private static final Duration SILENCE = Duration.ofSeconds(20);

  private final Supplier<Optional<URI>> gateways;
  private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor();
  private final Map<String, Seen> seen = new ConcurrentHashMap<>();
  private final List<String> broken = new CopyOnWriteArrayList<>();
  private volatile Optional<Socket> connection = Optional.empty();
  private volatile int connected;
  private String lastId = "";

  /** The last event of a registration. */
  private record Seen(String type, long version, JsonObject registration) {
    boolean end() {
      return !type.equals("progress") && !type.equals("backgroundfetchclick");
    }
  }

  /** Begins at once; what ends from the first connection on is seen. */
  EventFollower(Supplier<Optional<URI>> gateways) {
    this.gateways = gateways;
    var unused =
        thread.scheduleWithFixedDelay(this::follow, 0, RETRY.toMillis(), TimeUnit.MILLISECONDS);
    await("a stream").atMost(PATIENCE).until(() -> connected > 0);
  }

  private void follow() {
    gateways.get().ifPresent(this::follow);
  }

  private void follow(URI gateway) {
    try (Socket socket = new Socket(gateway.getHost(), gateway.getPort())) {
      connection = Optional.of(socket);
      socket.setSoTimeout((int) SILENCE.toMillis());
      socket.getOutputStream().write(request(gateway).getBytes(UTF_8));
      read(new BufferedReader(new InputStreamReader(socket.getInputStream(), UTF_8)));
    } catch (IOException gone) {
      // the next one
    }
  }

  private String request(URI gateway) {
    String head = "GET /v1/events HTTP/1.1\r\nHost: " + gateway.getAuthority() + "\r\n";
    return lastId.isEmpty() ? head + "\r\n" : head + "Last-Event-ID: " + lastId + "\r\n\r\n";
  }

  private void read(BufferedReader lines) throws IOException {
    if (!String.valueOf(lines.readLine()).contains(" 200 ")) {
      return;
    }
    connected++;
    String type = "";
    String id = "";
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      if (line.startsWith("event: ")) {
        type = line.substring("event: ".length());
      } else if (line.startsWith("id: ")) {
        id = line.substring("id: ".length());
      } else if (line.startsWith("data: ")) {
        see(type, new JsonObject(line.substring("data: ".length())));
        lastId = id;
      }
    }
  }

  private void see(String type, JsonObject registration) {
    Seen event = new Seen(type, registration.getLong("version"), registration);
    Seen before = seen.put(registration.getString("uid"), event);
    if (before != null && contradict(before, event)) {
      broken.add(before + " and then " + event);
    }
  }

  /** Neither older than what came before, nor an end and then something else. */
  private static boolean contradict(Seen before, Seen after) {
    return after.version() < before.version() || (before.end() && !after.equals(before));
  }

  /** It has rebuilt how each of these ended, in spite of the gateways that died. */
  void check(Map<String, DatabaseAudit.Ended> registrations) {
    await("an end event of each registration")
        .atMost(PATIENCE)
        .until(() -> registrations.keySet().stream().allMatch(this::sawEnd));
    assertThat(broken).isEmpty();
    assertThat(registrations.values()).allSatisfy(this::sawAsItIs);
    System.out.printf("events: %d ends seen on %d streams%n", registrations.size(), connected);
  }

  private boolean sawEnd(String uid) {
    return seen.containsKey(uid) && seen.get(uid).end();
  }

  private void sawAsItIs(DatabaseAudit.Ended ended) {
    Seen last = seen.get(ended.uid());
    JsonObject counts = last.registration().getJsonObject("records");
    assertThat(last.version()).isEqualTo(ended.endVersion());
    assertThat(last.type().equals("backgroundfetchabort")).isEqualTo(ended.aborted());
    assertThat(counts.getInteger("total")).isEqualTo(ended.total());
    assertThat(counts.getLong("settled")).isEqualTo(ended.counters().settled());
    assertThat(counts.getLong("succeeded")).isEqualTo(ended.counters().succeeded());
    assertThat(last.registration().getLong("downloaded")).isEqualTo(ended.counters().downloaded());
  }

  @Override
  public void close() throws IOException {
    thread.shutdownNow();
    if (connection.isPresent()) {
      connection.get().close();
    }
  }
}

package io.bgfetch.gateway;

import io.vertx.core.json.JsonObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Reads a stream of server-sent events beside the test. */
final class EventReader implements AutoCloseable {

  record Event(String type, String id, JsonObject data) {
    String uid() {
      return data.getString("uid");
    }
  }

  private final HttpResponse<InputStream> answer;
  private final List<Event> events = new CopyOnWriteArrayList<>();
  private volatile String lastId = "";
  private volatile boolean ended;

  EventReader(RunningGateway gateway, HttpRequest request) {
    this.answer = gateway.send(request, HttpResponse.BodyHandlers.ofInputStream());
    Thread.ofVirtual().start(this::read);
  }

  int status() {
    return answer.statusCode();
  }

  List<Event> events() {
    return List.copyOf(events);
  }

  /** As an EventSource would send it; empty before the first. */
  String lastId() {
    return lastId;
  }

  boolean ended() {
    return ended;
  }

  private void read() {
    try (var lines =
        new BufferedReader(new InputStreamReader(answer.body(), StandardCharsets.UTF_8))) {
      String type = "";
      String id = "";
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.startsWith("event: ")) {
          type = line.substring(7);
        } else if (line.startsWith("id: ")) {
          id = line.substring(4);
          lastId = id;
        } else if (line.startsWith("data: ")) {
          events.add(new Event(type, id, new JsonObject(line.substring(6))));
        }
      }
      ended = true;
    } catch (IOException closed) {
      ended = false;
    }
  }

  @Override
  public void close() throws IOException {
    answer.body().close();
  }
}

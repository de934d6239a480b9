package io.bgfetch.client;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A registration of the fake gateway. Its records are pending until {@link #perform} ends them, as
 * their URLs say: {@code missing} is a 404, {@code refused} a fetch error, {@code cut} a success
 * whose body breaks off, everything else a success.
 */
public final class FakeFetch {
  final ObjectNode json;
  final List<ObjectNode> records = new ArrayList<>();

  FakeFetch(String uid, ObjectNode head, List<ObjectNode> requests) {
    json =
        head.objectNode()
            .put("id", head.path("id").asText())
            .put("uid", uid)
            .put("title", head.path("options").path("title").asText())
            .put("uploadTotal", 0)
            .put("uploaded", 0)
            .put("downloadTotal", head.path("options").path("downloadTotal").asLong())
            .put("downloaded", 0)
            .put("result", "")
            .put("failureReason", "")
            .put("recordsAvailable", true)
            .put("paused", false)
            .put("version", 1)
            .put("createdAt", "2026-01-31T12:00:00.000Z")
            .putNull("endedAt")
            .putNull("expiresAt");
    json.putObject("records")
        .put("total", requests.size())
        .put("settled", 0)
        .put("succeeded", 0)
        .put("failed", 0);
    requests.forEach(request -> records.add(pending(records.size(), request)));
  }

  private static ObjectNode pending(int index, ObjectNode request) {
    ObjectNode record = request.objectNode().put("index", index);
    record
        .putObject("request")
        .put("url", request.path("url").asText())
        .put("method", request.path("method").asText("GET"))
        .put("bodySize", 0)
        .putObject("headers");
    return record
        .put("result", "")
        .putNull("error")
        .put("attempts", 0)
        .put("downloaded", 0)
        .putNull("response");
  }

  /** What the origin sent for that record. */
  static byte[] body(ObjectNode record) {
    return ("body of " + record.path("request").path("url").asText())
        .getBytes(StandardCharsets.UTF_8);
  }

  public synchronized String id() {
    return json.path("id").asText();
  }

  public synchronized String uid() {
    return json.path("uid").asText();
  }

  synchronized boolean active() {
    return json.path("result").asText().isEmpty();
  }

  synchronized String eventType() {
    return active()
        ? "progress"
        : json.path("result").asText().equals("success")
            ? "backgroundfetchsuccess"
            : json.path("failureReason").asText().equals("aborted")
                ? "backgroundfetchabort"
                : "backgroundfetchfail";
  }

  synchronized String eventId() {
    return uid() + ":" + json.path("version").asLong();
  }

  synchronized ObjectNode snapshot() {
    return json.deepCopy();
  }

  /** Ends every record and then the registration. */
  public synchronized void performAll() {
    while (active()) {
      perform();
    }
  }

  /** Ends the next record; the registration too when it was the last. */
  public synchronized void perform() {
    ObjectNode counts = (ObjectNode) json.path("records");
    int index = counts.path("settled").asInt();
    ObjectNode record = records.get(index);
    String result = end(record);
    json.put("downloaded", json.path("downloaded").asLong() + record.path("downloaded").asLong());
    String column = result.equals("success") ? "succeeded" : "failed";
    counts.put("settled", index + 1).put(column, counts.path(column).asInt() + 1);
    if (!result.equals("success") && json.path("failureReason").asText().isEmpty()) {
      json.put("failureReason", result);
    }
    if (index + 1 == records.size()) {
      end(counts.path("failed").asInt() == 0 ? "success" : "failure");
    }
    json.put("version", json.path("version").asLong() + 1);
  }

  synchronized boolean abort() {
    if (!active()) {
      return false;
    }
    json.put("failureReason", "aborted");
    end("failure");
    json.put("version", json.path("version").asLong() + 1);
    return true;
  }

  synchronized ObjectNode pause(boolean paused) {
    return changed("paused", paused);
  }

  synchronized ObjectNode release() {
    return changed("recordsAvailable", false);
  }

  synchronized ObjectNode rename(String title) {
    json.put("title", title);
    return changed("paused", json.path("paused").asBoolean());
  }

  private ObjectNode changed(String member, boolean value) {
    json.put(member, value).put("version", json.path("version").asLong() + 1);
    return snapshot();
  }

  private void end(String result) {
    json.put("result", result)
        .put("endedAt", "2026-01-31T12:00:12.000Z")
        .put("expiresAt", "2026-02-01T12:00:12.000Z");
  }

  private static String end(ObjectNode record) {
    String url = record.path("request").path("url").asText();
    record.put("attempts", 1);
    if (url.contains("refused")) {
      record.put("error", "connection refused");
      record.put("result", "fetch-error");
      return "fetch-error";
    }
    int status = url.contains("missing") ? 404 : 200;
    int size = body(record).length;
    record.put("downloaded", size);
    record
        .putObject("response")
        .put("url", url)
        .put("redirected", false)
        .put("status", status)
        .put("statusText", "")
        .put("bodySize", size)
        .putNull("digest")
        .putObject("headers")
        .put("content-type", "text/plain");
    String result = status == 200 ? "success" : "bad-status";
    record.put("result", result);
    return result;
  }
}

package io.bgfetch.client;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.BufferedReader;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.zip.GZIPInputStream;

/**
 * A gateway in memory behind a real HTTP server on 127.0.0.1, as far as its clients can tell. A
 * registration is performed, one record per event, while somebody reads its events.
 */
public final class FakeGateway implements AutoCloseable {
  /** What one test wants answered otherwise. */
  public interface Answer {
    void to(HttpExchange exchange) throws IOException;
  }

  /** What an Idempotency-Key was used for. */
  private record Keyed(List<String> lines, FakeFetch fetch) {}

  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final List<FakeFetch> fetches;
  private final Map<String, Keyed> keys;
  private final Map<String, Answer> answers = new ConcurrentHashMap<>();
  private final AtomicInteger cutsOfEventStreams = new AtomicInteger();

  /** Every call so far: method, path with query. */
  public final List<String> calls = new CopyOnWriteArrayList<>();

  /** The headers of every call so far. */
  public final List<Map<String, List<String>>> headers = new CopyOnWriteArrayList<>();

  /** The lines of every registration so far. */
  public final List<List<String>> registered = new CopyOnWriteArrayList<>();

  public FakeGateway() {
    this(0, new CopyOnWriteArrayList<>(), new ConcurrentHashMap<>());
  }

  private FakeGateway(int port, List<FakeFetch> fetches, Map<String, Keyed> keys) {
    this.fetches = fetches;
    this.keys = keys;
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 50);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.setExecutor(threads);
    server.createContext("/", this::handle);
    server.start();
  }

  /** Another gateway of the same service. */
  public FakeGateway sibling() {
    return new FakeGateway(0, fetches, keys);
  }

  /** Another gateway of the same service, on a port that is known to be free. */
  public FakeGateway sibling(int port) {
    return new FakeGateway(port, fetches, keys);
  }

  public URI address() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  /** Answers calls of this method and path (without query) in another way. */
  public void answer(String methodAndPath, Answer answer) {
    answers.put(methodAndPath, answer);
  }

  /** Answers the first so many calls of this method and path in another way. */
  public void answerFirst(int times, String methodAndPath, Answer answer) {
    AtomicInteger left = new AtomicInteger(times);
    answer(
        methodAndPath,
        exchange -> {
          if (left.getAndDecrement() > 0) {
            answer.to(exchange);
          } else {
            usual(exchange);
          }
        });
  }

  /** Cuts the connection without an answer, when the request was read. */
  public static void drop(HttpExchange exchange) throws IOException {
    exchange.getRequestBody().readAllBytes();
    throw new IOException("dropped");
  }

  /** Sends what it likes to of an event stream, and leaves it open. */
  public static void openStream(HttpExchange exchange, String... events) throws IOException {
    exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
    exchange.sendResponseHeaders(200, 0);
    send(exchange, ":\n\n");
    sendEvents(exchange, events);
  }

  /** Sends more of it. */
  public static void sendEvents(HttpExchange exchange, String... events) throws IOException {
    for (String event : events) {
      send(exchange, event);
    }
  }

  /** Registers, and cuts the connection without an answer. */
  public void registerInSilence(HttpExchange exchange) throws IOException {
    registered(exchange);
    throw new IOException("dropped");
  }

  /** Cuts so many event streams, each after its second event. */
  public void cutEventStreams(int times) {
    cutsOfEventStreams.set(times);
  }

  /** A registration that is there already. */
  public FakeFetch add(String id, String... urls) {
    ObjectNode head = Json.object().put("id", id);
    return add(
        head,
        Arrays.stream(urls).map(url -> Json.object().put("url", url)).collect(Collectors.toList()));
  }

  private FakeFetch add(ObjectNode head, List<ObjectNode> requests) {
    String uid = "019ab000-0000-7000-8000-%012d".formatted(fetches.size() + 1);
    FakeFetch fetch = new FakeFetch(uid, head, requests);
    fetches.add(0, fetch);
    return fetch;
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }

  private void handle(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getRawPath();
    calls.add(exchange.getRequestMethod() + " " + exchange.getRequestURI());
    headers.add(exchange.getRequestHeaders());
    Answer special = answers.get(exchange.getRequestMethod() + " " + path);
    if (special != null) {
      special.to(exchange);
    } else {
      usual(exchange);
    }
  }

  private void usual(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getRawPath();
    List<String> parts = List.of(path.substring(1).split("/"));
    if (parts.size() == 2) {
      if (exchange.getRequestMethod().equals("POST")) {
        register(exchange);
      } else {
        list(exchange);
      }
    } else {
      one(exchange, parts);
    }
  }

  private void register(HttpExchange exchange) throws IOException {
    FakeFetch fetch = registered(exchange);
    if (fetch != null) {
      exchange.getResponseHeaders().set("Location", "/v1/fetches/" + fetch.uid());
      json(exchange, 201, fetch.snapshot());
    }
  }

  /** Null when it was refused. */
  private FakeFetch registered(HttpExchange exchange) throws IOException {
    List<String> lines = lines(exchange);
    String key = exchange.getRequestHeaders().getFirst("Idempotency-Key");
    Keyed before = key == null ? null : keys.get(key);
    if (before != null && before.lines().equals(lines)) {
      return before.fetch();
    }
    if (before != null) {
      problem(exchange, 422, null, "this Idempotency-Key was used with another body");
      return null;
    }
    ObjectNode head = Json.parseObject(lines.get(0));
    if (fetches.stream().anyMatch(f -> f.active() && f.id().equals(head.path("id").asText()))) {
      problem(exchange, 409, "TypeError", "the id is active already");
      return null;
    }
    registered.add(List.copyOf(lines));
    FakeFetch fetch =
        add(head, lines.stream().skip(1).map(Json::parseObject).collect(Collectors.toList()));
    if (key != null) {
      keys.put(key, new Keyed(lines, fetch));
    }
    return fetch;
  }

  private static List<String> lines(HttpExchange exchange) throws IOException {
    boolean gzip = "gzip".equals(exchange.getRequestHeaders().getFirst("Content-Encoding"));
    InputStream body = exchange.getRequestBody();
    try (var in =
        new BufferedReader(new InputStreamReader(gzip ? new GZIPInputStream(body) : body))) {
      return in.lines().collect(Collectors.toList());
    }
  }

  private void list(HttpExchange exchange) throws IOException {
    Map<String, String> query = query(exchange);
    List<ObjectNode> found =
        fetches.stream()
            .filter(f -> !query.containsKey("active") || f.active())
            .filter(f -> !query.containsKey("id") || f.id().equals(query.get("id")))
            .map(FakeFetch::snapshot)
            .collect(Collectors.toList());
    json(exchange, 200, page("registrations", found, query.get("limit"), query.get("cursor")));
  }

  private void one(HttpExchange exchange, List<String> parts) throws IOException {
    var found = fetches.stream().filter(f -> f.uid().equals(parts.get(2))).findFirst();
    if (found.isEmpty()) {
      problem(exchange, 404, null, "there is no such registration");
      return;
    }
    FakeFetch fetch = found.get();
    switch (parts.size() == 3 ? "" : parts.get(3)) {
      case "" -> {
        switch (exchange.getRequestMethod()) {
          case "DELETE" -> delete(exchange, fetch);
          case "PATCH" -> json(exchange, 200, fetch.rename(body(exchange).path("title").asText()));
          default -> json(exchange, 200, fetch.snapshot());
        }
      }
      case "pause" -> pause(exchange, fetch, true);
      case "resume" -> pause(exchange, fetch, false);
      case "release" -> release(exchange, fetch);
      case "click" -> empty(exchange, 202);
      case "retry" -> retry(exchange, fetch);
      case "abort" -> json(exchange, 200, Json.object().put("aborted", fetch.abort()));
      case "match" -> match(exchange, fetch);
      case "matchAll" -> matchAll(exchange, fetch);
      case "events" -> events(exchange, fetch);
      case "records" -> {
        if (parts.size() == 4) {
          records(exchange, fetch);
        } else {
          record(exchange, fetch.records, parts);
        }
      }
      default -> problem(exchange, 404, null, "there is no such path");
    }
  }

  private void delete(HttpExchange exchange, FakeFetch fetch) throws IOException {
    fetches.remove(fetch);
    empty(exchange, 204);
  }

  private static void pause(HttpExchange exchange, FakeFetch fetch, boolean paused)
      throws IOException {
    if (fetch.active()) {
      json(exchange, 200, fetch.pause(paused));
    } else {
      problem(exchange, 409, "InvalidStateError", "the registration has ended");
    }
  }

  private static void release(HttpExchange exchange, FakeFetch fetch) throws IOException {
    if (fetch.active()) {
      problem(exchange, 409, "InvalidStateError", "the registration is active");
    } else {
      json(exchange, 200, fetch.release());
    }
  }

  private void retry(HttpExchange exchange, FakeFetch fetch) throws IOException {
    if (fetch.active()) {
      problem(exchange, 409, "InvalidStateError", "the registration is active");
      return;
    }
    ObjectNode head = Json.object().put("id", body(exchange).path("id").asText(fetch.id()));
    List<ObjectNode> failed =
        fetch.records.stream()
            .filter(record -> !record.path("result").asText().equals("success"))
            .map(record -> (ObjectNode) record.path("request"))
            .collect(Collectors.toList());
    json(exchange, 201, add(head, failed).snapshot());
  }

  private static void empty(HttpExchange exchange, int status) throws IOException {
    exchange.sendResponseHeaders(status, -1);
    exchange.close();
  }

  private void match(HttpExchange exchange, FakeFetch fetch) throws IOException {
    ObjectNode answer = Json.object();
    List<ObjectNode> matching = matching(fetch, body(exchange));
    answer.set("record", matching.isEmpty() ? answer.nullNode() : matching.get(0));
    json(exchange, 200, answer);
  }

  private void matchAll(HttpExchange exchange, FakeFetch fetch) throws IOException {
    ObjectNode query = body(exchange);
    String limit = query.path("limit").asText(null);
    json(
        exchange,
        200,
        page("records", matching(fetch, query), limit, query.path("cursor").asText(null)));
  }

  private static List<ObjectNode> matching(FakeFetch fetch, ObjectNode query) {
    String url = query.path("request").path("url").asText(null);
    boolean ignoreSearch = query.path("options").path("ignoreSearch").asBoolean();
    return fetch.records.stream()
        .filter(
            record -> {
              String own = record.path("request").path("url").asText();
              return url == null
                  || own.equals(url)
                  || ignoreSearch && own.replaceAll("\\?.*", "").equals(url);
            })
        .collect(Collectors.toList());
  }

  private void records(HttpExchange exchange, FakeFetch fetch) throws IOException {
    Map<String, String> query = query(exchange);
    List<String> results = List.of(query.getOrDefault("result", "").split(","));
    List<ObjectNode> found =
        fetch.records.stream()
            .filter(
                r -> !query.containsKey("result") || results.contains(r.path("result").asText()))
            .collect(Collectors.toList());
    json(exchange, 200, page("records", found, query.get("limit"), query.get("cursor")));
  }

  private void record(HttpExchange exchange, List<ObjectNode> records, List<String> parts)
      throws IOException {
    int index = Integer.parseInt(parts.get(4));
    if (index >= records.size()) {
      problem(exchange, 404, null, "there is no such record");
    } else if (parts.size() == 5) {
      json(exchange, 200, records.get(index));
    } else if (!records.get(index).path("response").isObject()) {
      problem(exchange, 409, "TypeError", "the record cannot be read");
    } else {
      sendBody(exchange, records.get(index));
    }
  }

  private static void sendBody(HttpExchange exchange, ObjectNode record) throws IOException {
    byte[] body = FakeFetch.body(record);
    exchange.sendResponseHeaders(200, 0);
    if (record.path("request").path("url").asText().contains("cut")) {
      exchange.getResponseBody().write(body, 0, body.length / 2);
      exchange.getResponseBody().flush();
      throw new IOException("cut"); // the server then drops the connection
    }
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  private void events(HttpExchange exchange, FakeFetch fetch) throws IOException {
    String last = exchange.getRequestHeaders().getFirst("Last-Event-ID");
    if (!fetch.active() && fetch.eventId().equals(last)) {
      exchange.sendResponseHeaders(204, -1);
      exchange.close();
      return;
    }
    exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
    exchange.sendResponseHeaders(200, 0);
    send(exchange, ":\n\n");
    for (int sent = 1; ; sent++) {
      boolean active = fetch.active();
      send(exchange, event(fetch));
      if (!active) {
        break;
      }
      if (sent == 2 && cutsOfEventStreams.getAndDecrement() > 0) {
        throw new EOFException("cut");
      }
      fetch.perform();
    }
    exchange.close();
  }

  /** The event that tells of its present state. */
  public static String event(FakeFetch fetch) {
    return "event: %s\nid: %s\ndata: %s\n\n"
        .formatted(fetch.eventType(), fetch.eventId(), fetch.snapshot());
  }

  private static void send(HttpExchange exchange, String text) throws IOException {
    exchange.getResponseBody().write(text.getBytes(StandardCharsets.UTF_8));
    exchange.getResponseBody().flush();
  }

  private static ObjectNode page(String member, List<ObjectNode> all, String limit, String cursor) {
    int start = cursor == null ? 0 : Integer.parseInt(cursor);
    int end = Math.min(all.size(), start + (limit == null ? 100 : Integer.parseInt(limit)));
    ObjectNode page = Json.object();
    ArrayNode items = page.putArray(member);
    all.subList(start, end).forEach(items::add);
    return end < all.size() ? page.put("next", "" + end) : page.putNull("next");
  }

  private static Map<String, String> query(HttpExchange exchange) {
    String query = exchange.getRequestURI().getRawQuery();
    return query == null
        ? Map.of()
        : Arrays.stream(query.split("&"))
            .map(pair -> pair.split("=", 2))
            .collect(
                Collectors.toMap(
                    pair -> pair[0], pair -> URLDecoder.decode(pair[1], StandardCharsets.UTF_8)));
  }

  private static ObjectNode body(HttpExchange exchange) throws IOException {
    return Json.parseObject(
        new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
  }

  public static void problem(HttpExchange exchange, int status, String name, String detail)
      throws IOException {
    problem(exchange, status, name, detail, problem -> {});
  }

  public static void problem(
      HttpExchange exchange, int status, String name, String detail, Consumer<ObjectNode> more)
      throws IOException {
    ObjectNode problem =
        Json.object()
            .put("type", "about:blank")
            .put("title", "Refused")
            .put("status", status)
            .put("detail", detail);
    if (name != null) {
      problem.put("name", name);
    }
    more.accept(problem);
    send(exchange, status, "application/problem+json", problem.toString());
  }

  private static void json(HttpExchange exchange, int status, ObjectNode json) throws IOException {
    send(exchange, status, "application/json", json.toString());
  }

  public static void send(HttpExchange exchange, int status, String type, String text)
      throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", type);
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }
}

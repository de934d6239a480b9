package io.bgfetch.gateway;

import static io.bgfetch.gateway.RunningGateway.json;
import static org.assertj.core.api.Assertions.assertThat;

import io.bgfetch.blob.BlobStore;
import io.bgfetch.blob.FileBlobStore;
import io.bgfetch.testkit.TestBackends;
import io.bgfetch.testkit.WithBackends;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What came of requests stands in the database as the shards would have put it there. */
@WithBackends
class ReadingIT {

  @TempDir static Path data;
  static RunningGateway gateway;

  @BeforeAll
  static void start(TestBackends backends) {
    gateway =
        RunningGateway.start(backends.freshDatabase(), backends.kafkaBootstrapServers(), data);
  }

  @AfterAll
  static void stop() {
    gateway.close();
  }

  private static String registered(Object... requests) {
    return gateway.registered(UUID.randomUUID().toString(), JsonArray.of(requests));
  }

  private static JsonObject head(JsonObject headers) {
    return new JsonObject()
        .put("url", "http://cdn.example/x")
        .put("redirected", true)
        .put("status", 200)
        .put("statusText", "OK")
        .put("headers", headers);
  }

  private static void succeeded(String uid, int index, String type, byte[] body) {
    gateway.sql(
        "INSERT INTO outcome (uid, index, result, attempts, response, body_size, body_inline,"
            + " digest, downloaded, uploaded) VALUES ('%s', %d, 'success', 2, '%s', %d,"
                .formatted(
                    uid, index, head(new JsonObject().put("content-type", type)), body.length)
            + " decode('%s', 'hex'), '%s', %d, 0)"
                .formatted(HexFormat.of().formatHex(body), digest(body), body.length));
  }

  private static void ended(String uid, int index, String result) {
    gateway.sql(
        "INSERT INTO outcome (uid, index, result, error, attempts, downloaded, uploaded)"
            + " VALUES ('%s', %d, '%s', 'why', 1, 0, 0)".formatted(uid, index, result));
  }

  private static String digest(byte[] body) {
    try {
      return Base64.getEncoder().encodeToString(MessageDigest.getInstance("SHA-256").digest(body));
    } catch (java.security.NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  private static JsonArray records(String path) {
    return json(gateway.get(path)).getJsonArray("records");
  }

  private static List<Integer> indexes(JsonArray records) {
    return records.stream().map(r -> ((JsonObject) r).getInteger("index")).toList();
  }

  @Nested
  class Registrations {

    @ParameterizedTest
    @ValueSource(strings = {"a/b", "ä ö", "a%b", "a+b", "?#", "\"'", "a\nb", "..x", "%2F"})
    void areFoundByAnyIdInAPath(String id) {
      String uid = gateway.registered(id, "http://a.example/");
      String encoded = URLEncoder.encode(id, StandardCharsets.UTF_8).replace("+", "%20");

      assertThat(json(gateway.get("/v1/fetches/" + encoded)).getString("uid")).isEqualTo(uid);
      JsonArray found =
          json(gateway.get("/v1/fetches?id=" + encoded)).getJsonArray("registrations");
      assertThat(found.getJsonObject(0).getString("uid")).isEqualTo(uid);
    }

    @Test
    void areFoundByTheirMostRecentGenerationWhenNoneIsActive() {
      String id = UUID.randomUUID().toString();
      String first = gateway.registered(id, "http://a.example/");
      assertThat(gateway.post("/v1/fetches/" + id + "/abort", "a/b", "").statusCode())
          .isEqualTo(200);
      String second = gateway.registered(id, "http://a.example/");
      assertThat(gateway.post("/v1/fetches/" + id + "/abort", "a/b", "").statusCode())
          .isEqualTo(200);

      assertThat(json(gateway.get("/v1/fetches/" + id)).getString("uid")).isEqualTo(second);
      assertThat(gateway.get("/v1/fetches/" + id + "?active=true").statusCode()).isEqualTo(404);
      assertThat(json(gateway.get("/v1/fetches/" + first)).getString("uid")).isEqualTo(first);
    }

    @Test
    void areNotSentAgainWhereTheyDidNotChange() {
      String uid = registered("http://a.example/");
      String etag = gateway.get("/v1/fetches/" + uid).headers().firstValue("ETag").orElseThrow();

      HttpResponse<String> again =
          gateway.send(gateway.request("/v1/fetches/" + uid).header("If-None-Match", etag).build());
      // A shard may have released jobs in between, which is a change.
      String now = again.headers().firstValue("ETag").orElseThrow();

      assertThat(again.statusCode()).isEqualTo(now.equals(etag) ? 304 : 200);
      assertThat(
              gateway
                  .send(gateway.request("/v1/fetches/" + uid).header("If-None-Match", "*").build())
                  .statusCode())
          .isEqualTo(304);
    }

    @Test
    void areListedFromTheNewestOnWithoutRepeating() {
      List<String> uids = new ArrayList<>();
      String id = UUID.randomUUID().toString();
      for (int i = 0; i < 5; i++) {
        uids.addFirst(gateway.registered(id, "http://a.example/"));
        gateway.post("/v1/fetches/" + uids.getFirst() + "/abort", "a/b", "");
      }

      List<String> seen = new ArrayList<>();
      String cursor = "";
      while (cursor != null) {
        JsonObject page = json(gateway.get("/v1/fetches?limit=2&id=" + id + cursor));
        page.getJsonArray("registrations")
            .forEach(one -> seen.add(((JsonObject) one).getString("uid")));
        String next = page.getString("next");
        cursor = next == null ? null : "&cursor=" + next;
      }

      assertThat(seen).isEqualTo(uids);
      assertThat(
              json(gateway.get("/v1/fetches?active=true&id=" + id)).getJsonArray("registrations"))
          .isEmpty();
    }
  }

  @Nested
  class Records {

    @Test
    void showWhatIsKnownOfThem() {
      String uid =
          registered(
              new JsonObject()
                  .put("url", "http://a.example/x#frag")
                  .put("headers", new JsonObject().put("Authorization", "Bearer x").put("b", "c")),
              "http://a.example/y");
      succeeded(uid, 0, "text/plain", "hello".getBytes(StandardCharsets.UTF_8));

      JsonObject record = json(gateway.get("/v1/fetches/" + uid + "/records/0"));

      assertThat(record)
          .isEqualTo(
              new JsonObject()
                  .put("index", 0)
                  .put(
                      "request",
                      new JsonObject()
                          .put("url", "http://a.example/x")
                          .put("method", "GET")
                          .put(
                              "headers",
                              new JsonObject().put("authorization", "[redacted]").put("b", "c"))
                          .put("bodySize", 0))
                  .put("result", "success")
                  .put("error", null)
                  .put("attempts", 2)
                  .put("downloaded", 5)
                  .put(
                      "response",
                      head(new JsonObject().put("content-type", "text/plain"))
                          .put("bodySize", 5)
                          .put(
                              "digest",
                              "sha-256=:"
                                  + digest("hello".getBytes(StandardCharsets.UTF_8))
                                  + ":")));
      JsonObject waiting = json(gateway.get("/v1/fetches/" + uid + "/records/1"));
      assertThat(waiting.getString("result")).isEmpty();
      assertThat(waiting.getValue("response")).isNull();
    }

    @Test
    void withoutAnOutcomeReadAsAbortedAfterAnAbort() {
      String uid = registered("http://a.example/x", "http://a.example/y");
      succeeded(uid, 0, "text/plain", new byte[0]);
      gateway.post("/v1/fetches/" + uid + "/abort", "a/b", "");

      JsonArray records = records("/v1/fetches/" + uid + "/records");

      assertThat(records.stream().map(r -> ((JsonObject) r).getString("result")))
          .containsExactly("success", "aborted");
      assertThat(indexes(records("/v1/fetches/" + uid + "/records?result=aborted")))
          .containsExactly(1);
    }

    @Test
    void areListedByResultsAndPages() {
      String uid = registered("http://a/0", "http://a/1", "http://a/2", "http://a/3", "http://a/4");
      ended(uid, 0, "bad-status");
      ended(uid, 1, "fetch-error");
      succeeded(uid, 2, "a/b", new byte[1]);
      ended(uid, 4, "bad-status");
      String path = "/v1/fetches/" + uid + "/records?result=bad-status,fetch-error&limit=2";

      JsonObject first = json(gateway.get(path));
      JsonObject second = json(gateway.get(path + "&cursor=" + first.getString("next")));

      assertThat(indexes(first.getJsonArray("records"))).containsExactly(0, 1);
      assertThat(indexes(second.getJsonArray("records"))).containsExactly(4);
      assertThat(second.getString("next")).isNull();
    }

    @ParameterizedTest
    @CsvSource(
        delimiter = '|',
        textBlock =
            """
            records?result=good     | 400
            records?result=         | 400
            records?limit=0         | 400
            records?limit=1001      | 400
            records?limit=x         | 400
            records?cursor=zzz      | 400
            records/7               | 404
            records/-1              | 400
            records/x               | 400
            records/7/body          | 404
            records/0/body          | 409
            """)
    void refuseWhatCannotBe(String path, int status) {
      String uid = registered("http://a.example/");

      HttpResponse<String> answer = gateway.get("/v1/fetches/" + uid + "/" + path);

      assertThat(answer.statusCode()).isEqualTo(status);
      assertThat(answer.headers().firstValue("Content-Type")).contains("application/problem+json");
      assertThat(json(answer).getInteger("status")).isEqualTo(status);
    }

    @Test
    void areNotAvailableOnceReleased() {
      String uid = registered("http://a.example/");
      gateway.sql("UPDATE registration SET records_available = false WHERE uid = '" + uid + "'");

      for (String path : List.of("records", "records/0", "records/0/body")) {
        HttpResponse<String> answer = gateway.get("/v1/fetches/" + uid + "/" + path);
        assertThat(answer.statusCode()).isEqualTo(409);
        assertThat(json(answer).getString("name")).isEqualTo("InvalidStateError");
      }
      assertThat(post(uid, "match", "{\"request\":\"http://a.example/\"}").statusCode())
          .isEqualTo(409);
    }
  }

  private static HttpResponse<String> post(String uid, String operation, String body) {
    return gateway.post("/v1/fetches/" + uid + "/" + operation, "application/json", body);
  }

  @Nested
  class Matching {

    private static String uid;

    private static String uid() {
      if (uid == null) {
        JsonObject registration =
            new JsonObject()
                .put("id", UUID.randomUUID().toString())
                .put("base", "http://a.example/dir/")
                .put(
                    "requests",
                    JsonArray.of(
                        "u",
                        "u?a=1",
                        new JsonObject().put("url", "u").put("method", "POST"),
                        "v",
                        "u#frag"));
        uid = json(gateway.register(registration)).getString("uid");
      }
      return uid;
    }

    @ParameterizedTest
    @CsvSource(
        delimiter = '|',
        quoteCharacter = '`',
        textBlock =
            """
            {"request":"u"}                                                              | 0,4
            {"request":"http://a.example/dir/u#x"}                                       | 0,4
            {"request":"u?"}                                                             |
            {"request":"u","options":{"ignoreSearch":true}}                              | 0,1,4
            {"request":{"url":"u","method":"DELETE"},"options":{"ignoreMethod":true}}    | 0,2,4
            {"request":"w"}                                                              |
            {}                                                                           | 0,1,2,3,4
            """)
    void findsAllInOrder(String body, String expected) {
      JsonObject answer = json(post(uid(), "matchAll", body));

      List<Integer> found = indexes(answer.getJsonArray("records"));
      assertThat(String.join(",", found.stream().map(String::valueOf).toList()))
          .isEqualTo(expected == null ? "" : expected);
      JsonObject first = json(post(uid(), "match", body)).getJsonObject("record");
      if (body.equals("{}")) {
        assertThat(post(uid(), "match", body).statusCode()).isEqualTo(400);
      } else {
        assertThat(first == null ? null : first.getInteger("index"))
            .isEqualTo(found.isEmpty() ? null : found.getFirst());
      }
    }

    @Test
    void givesPages() {
      JsonObject first = json(post(uid(), "matchAll", "{\"request\":\"u\",\"limit\":1}"));
      JsonObject body =
          new JsonObject()
              .put("request", "u")
              .put("limit", 1)
              .put("cursor", first.getString("next"));
      JsonObject second = json(post(uid(), "matchAll", body.encode()));

      assertThat(indexes(first.getJsonArray("records"))).containsExactly(0);
      assertThat(indexes(second.getJsonArray("records"))).containsExactly(4);
      assertThat(second.getString("next")).isNull();
    }

    @Test
    void givesAllWithoutABody() {
      HttpResponse<String> answer = gateway.post("/v1/fetches/" + uid() + "/matchAll", "", "");

      assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
      assertThat(json(answer).getJsonArray("records").size()).isEqualTo(5);
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "{\"request\":\"http://\"}",
          "{\"request\":5}",
          "{\"request\":\"u\",\"colour\":1}",
          "{\"request\":\"u\",\"options\":{\"ignoreSearch\":\"yes\"}}",
          "{",
        })
    void refusesWhatIsNoQuery(String body) {
      HttpResponse<String> answer = post(uid(), "match", body);

      assertThat(answer.statusCode()).isEqualTo(400);
      assertThat(json(answer).getString("name")).as(answer.body()).isEqualTo("TypeError");
    }

    @Test
    void refusesAnotherMediaType() {
      assertThat(gateway.post("/v1/fetches/" + uid() + "/match", "text/css", "{}").statusCode())
          .isEqualTo(415);
    }
  }

  @Nested
  class TheBody {

    private final byte[] hello = "hello".getBytes(StandardCharsets.UTF_8);

    @Test
    void comesAsAnAttachmentThatNobodyRuns() {
      String uid = registered("http://a.example/");
      succeeded(uid, 0, "text/html; charset=x", hello);
      String path = "/v1/fetches/" + uid + "/records/0/body";

      HttpResponse<String> answer = gateway.get(path);

      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(answer.body()).isEqualTo("hello");
      assertThat(answer.headers().map())
          .containsEntry("content-type", List.of("text/html; charset=x"))
          .containsEntry("content-length", List.of("5"))
          .containsEntry("x-content-type-options", List.of("nosniff"))
          .containsEntry("content-security-policy", List.of("sandbox"))
          .containsEntry("content-disposition", List.of("attachment"))
          .containsEntry("repr-digest", List.of("sha-256=:" + digest(hello) + ":"));
      String etag = answer.headers().firstValue("ETag").orElseThrow();
      assertThat(etag)
          .isEqualTo("\"2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824\"");
      assertThat(
              gateway
                  .send(gateway.request(path).header("If-None-Match", etag).build())
                  .statusCode())
          .isEqualTo(304);
    }

    @ParameterizedTest
    @CsvSource({"bytes=1-3, 206, ell", "bytes=-2, 206, lo", "bytes=9-, 416,", "x, 200, hello"})
    void comesInPartsWhereAsked(String range, int status, String part) {
      String uid = registered("http://a.example/");
      succeeded(uid, 0, "a/b", hello);

      HttpResponse<String> answer =
          gateway.send(
              gateway
                  .request("/v1/fetches/" + uid + "/records/0/body")
                  .header("Range", range)
                  .build());

      assertThat(answer.statusCode()).isEqualTo(status);
      if (part != null) {
        assertThat(answer.body()).isEqualTo(part);
      }
    }

    @Test
    void comesOutOfSegments() throws IOException {
      String uid = registered("http://a.example/");
      byte[] body = new byte[1_000_000];
      new Random(3).nextBytes(body);
      inSegments(uid, body, 300_000, 700_000);
      String path = "/v1/fetches/" + uid + "/records/0/body";

      byte[] whole = gateway.send(gateway.request(path).build(), BodyHandlers.ofByteArray()).body();
      byte[] part =
          gateway
              .send(
                  gateway.request(path).header("Range", "bytes=299999-300000").build(),
                  BodyHandlers.ofByteArray())
              .body();

      assertThat(whole).isEqualTo(body);
      assertThat(part).containsExactly(body[299_999], body[300_000]);
    }

    private static void inSegments(String uid, byte[] body, int... sizes) throws IOException {
      JsonArray segments = new JsonArray();
      int from = 0;
      try (BlobStore blobs = new FileBlobStore(data.resolve("blobs"))) {
        for (int size : sizes) {
          String key = uid + "/0/1-t/" + segments.size();
          try (BlobStore.Draft draft = blobs.begin(key)) {
            draft.write(ByteBuffer.wrap(body, from, size));
            draft.commit();
          }
          segments.add(new JsonObject().put("key", key).put("size", size));
          from += size;
        }
      }
      gateway.sql(
          "INSERT INTO outcome (uid, index, result, attempts, response, body_size, body_segments,"
              + " digest, downloaded, uploaded) VALUES ('%s', 0, 'success', 1, '%s', %d, '%s', '%s',"
                  .formatted(uid, head(new JsonObject()), body.length, segments, digest(body))
              + " 1, 0)");
    }

    @ParameterizedTest
    @CsvSource({
      "fetch-error, TypeError",
      "download-total-exceeded, TypeError",
      "aborted, AbortError"
    })
    void cannotBeReadOfAFailure(String result, String name) {
      String uid = registered("http://a.example/");
      ended(uid, 0, result);

      HttpResponse<String> answer = gateway.get("/v1/fetches/" + uid + "/records/0/body");

      assertThat(answer.statusCode()).isEqualTo(409);
      assertThat(json(answer).getString("name")).isEqualTo(name);
    }
  }
}

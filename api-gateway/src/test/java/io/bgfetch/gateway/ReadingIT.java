package io.bgfetch.gateway;

import static io.bgfetch.gateway.RecordRows.digest;
import static io.bgfetch.gateway.RecordRows.head;
import static io.bgfetch.gateway.RunningGateway.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.bgfetch.config.Settings;
import io.bgfetch.fetch.SealedHeader;
import io.bgfetch.seal.HeaderSeal;
import io.bgfetch.seal.SealKey;
import io.bgfetch.testkit.SharedBroker;
import io.bgfetch.testkit.TestBackends;
import io.bgfetch.testkit.WithBackends;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
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
@SharedBroker
class ReadingIT {

  @TempDir static Path data;
  static RunningGateway gateway;
  static RecordRows rows;

  private static final String KEY = Base64.getEncoder().encodeToString(new byte[32]);

  @BeforeAll
  static void start(TestBackends backends) {
    gateway =
        RunningGateway.start(
            backends.freshDatabase(),
            backends.kafkaBootstrapServers(),
            data,
            Map.of("BGFETCH_SECRET_KEY", KEY, "BGFETCH_SECRET_HEADERS", "X-Secret"));
    rows = new RecordRows(gateway, data);
  }

  @AfterAll
  static void stop() {
    gateway.close();
  }

  private static String registered(Object... requests) {
    return gateway.registered(UUID.randomUUID().toString(), JsonArray.of(requests));
  }

  private static void succeeded(String uid, int index, String type, byte[] body) {
    rows.succeeded(uid, index, head(new JsonObject().put("content-type", type)), body);
  }

  private static void ended(String uid, int index, String result) {
    rows.ended(uid, index, result);
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
          gateway.send(
              gateway
                  .request("/v1/fetches/" + uid)
                  .header("If-None-Match", "\"other\"")
                  .header("If-None-Match", etag)
                  .build());
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
    void showThatTheirRecordsHaveExpiredFromThatMomentOn() {
      String uid = registered("http://a.example/");
      gateway.post("/v1/fetches/" + uid + "/abort", "a/b", "");
      HttpResponse<String> before = gateway.get("/v1/fetches/" + uid);
      assertThat(json(before).getBoolean("recordsAvailable")).isTrue();

      expire(uid);

      HttpResponse<String> after =
          gateway.send(
              gateway
                  .request("/v1/fetches/" + uid)
                  .header("If-None-Match", before.headers().firstValue("ETag").orElseThrow())
                  .build());
      assertThat(after.statusCode()).isEqualTo(200);
      assertThat(json(after).getBoolean("recordsAvailable")).isFalse();
      JsonObject listed =
          json(gateway.get("/v1/fetches?id=" + json(after).getString("id")))
              .getJsonArray("registrations")
              .getJsonObject(0);
      assertThat(listed.getBoolean("recordsAvailable")).isFalse();
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

    @ParameterizedTest
    @CsvSource(
        delimiter = '|',
        textBlock =
            """
            GET  | records
            GET  | records?result=success
            GET  | records/0
            GET  | records/0/body
            GET  | records/0/request-body
            POST | match
            POST | matchAll
            """)
    void areNotAvailableOnceReleasedOrExpiredAndUnknownOnceDeleted(String method, String path) {
      String released = registered("http://a.example/");
      rows.release(released);
      String expired = registered("http://a.example/");
      gateway.post("/v1/fetches/" + expired + "/abort", "a/b", "");
      expire(expired);
      String deleted = registered("http://a.example/");
      gateway.sql("UPDATE registration SET deleted = true WHERE uid = '" + deleted + "'");

      for (String uid : List.of(released, expired)) {
        HttpResponse<String> answer = call(method, uid, path);
        assertThat(answer.statusCode()).isEqualTo(409);
        assertThat(json(answer).getString("name")).isEqualTo("InvalidStateError");
      }
      assertThat(call(method, deleted, path).statusCode()).isEqualTo(404);
    }

    private static HttpResponse<String> call(String method, String uid, String path) {
      return method.equals("GET")
          ? gateway.get("/v1/fetches/" + uid + "/" + path)
          : post(uid, path, "{\"request\":\"http://a.example/\"}");
    }

    @Test
    void showNoSecret() {
      String uid = registered("http://a.example/");
      seal(uid, 0, "authorization", "Bearer x");
      rows.succeeded(
          uid,
          0,
          head(new JsonObject().put("x-secret", "s").put("x-api-key", "k").put("b", "c")),
          new byte[0]);

      JsonObject record = json(gateway.get("/v1/fetches/" + uid + "/records/0"));

      assertThat(record.getJsonObject("request").getJsonObject("headers"))
          .isEqualTo(new JsonObject().put("authorization", "[redacted]"));
      assertThat(record.getJsonObject("response").getJsonObject("headers"))
          .isEqualTo(
              new JsonObject()
                  .put("x-secret", "[redacted]")
                  .put("x-api-key", "[redacted]")
                  .put("b", "c"));
    }
  }

  private static void expire(String uid) {
    gateway.sql("UPDATE registration SET expires_at = now() WHERE uid = '" + uid + "'");
  }

  /** As registering does. */
  private static void seal(String uid, int index, String name, String value) {
    SealKey key = SealKey.from(Settings.of(Map.of("BGFETCH_SECRET_KEY", KEY), new Properties()));
    SealedHeader sealed = new HeaderSeal(key, new SecureRandom()).seal(name, value);
    JsonObject json =
        new JsonObject()
            .put(name, new JsonObject().put("sealed", sealed.sealed()).put("mac", sealed.mac()));
    gateway.sql(
        "UPDATE request SET sealed_headers = '%s' WHERE uid = '%s' AND index = %d"
            .formatted(json, uid, index));
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
    void needsABaseForARelativeRequest() {
      String uid = registered("http://a.example/u");

      HttpResponse<String> answer = post(uid, "match", "{\"request\":\"u\"}");

      assertThat(answer.statusCode()).isEqualTo(400);
      assertThat(json(answer).getString("name")).isEqualTo("TypeError");
      assertThat(found(uid, "{\"request\":\"http://a.example/u\"}")).isTrue();
    }

    @Test
    void looksAtTheHeadersThatTheResponseVariesBy() {
      String uid =
          registered(
              new JsonObject()
                  .put("url", "http://a.example/u")
                  .put("headers", new JsonObject().put("Accept", JsonArray.of("a/b", "c/d"))));
      seal(uid, 0, "authorization", "Bearer x");
      String same =
          "{\"request\":{\"url\":\"http://a.example/u\",\"headers\":{\"accept\":\" a/b, c/d \","
              + "\"Authorization\":[\"Bearer x\"]}}}";
      String other = same.replace("Bearer x", "Bearer y");
      assertThat(found(uid, other)).as("without a response").isTrue();

      rows.succeeded(
          uid, 0, head(new JsonObject().put("vary", "Authorization, X-None, accept")), new byte[0]);

      assertThat(found(uid, same)).isTrue();
      assertThat(found(uid, other)).isFalse();
      assertThat(found(uid, same.replace("c/d", "e/f"))).isFalse();
      assertThat(found(uid, "{\"request\":\"http://a.example/u\"}")).isFalse();
      assertThat(
              found(uid, "{\"request\":\"http://a.example/u\",\"options\":{\"ignoreVary\":true}}"))
          .isTrue();
    }

    private static boolean found(String uid, String query) {
      return json(post(uid, "match", query)).getValue("record") != null;
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

    @ParameterizedTest
    @CsvSource(
        delimiter = '|',
        textBlock =
            """
            {"request":{"url":"u","headers":{"x":5}}}           | #/request/headers/x:
            {"request":"u","options":{"ignoreSearch":"yes"}}    | #/options/ignoreSearch:
            """)
    void namesTheInnermostPlaceThatIsWrong(String body, String place) {
      assertThat(json(post(uid(), "match", body)).getString("detail")).startsWith(place);
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
    @CsvSource(
        delimiter = '|',
        textBlock =
            """
            bytes=1-3     | 206 | ell   | bytes 1-3/5
            bytes=-2      | 206 | lo    | bytes 3-4/5
            bytes=3-99    | 206 | lo    | bytes 3-4/5
            bytes=9-      | 416 |       | bytes */5
            bytes=-0      | 416 |       | bytes */5
            bytes=0-1,3-4 | 200 | hello |
            bytes=3-1     | 200 | hello |
            items=0-1     | 200 | hello |
            x             | 200 | hello |
            """)
    void comesInPartsWhereAsked(String range, int status, String part, String contentRange) {
      String uid = registered("http://a.example/");
      succeeded(uid, 0, "a/b", hello);

      HttpResponse<String> answer =
          gateway.send(
              gateway
                  .request("/v1/fetches/" + uid + "/records/0/body")
                  .header("Range", range)
                  .build());

      assertThat(answer.statusCode()).isEqualTo(status);
      assertThat(answer.headers().firstValue("Content-Range"))
          .isEqualTo(Optional.ofNullable(contentRange));
      if (part != null) {
        assertThat(answer.body()).isEqualTo(part);
        assertThat(answer.headers().firstValue("Repr-Digest"))
            .contains("sha-256=:" + digest(hello) + ":");
      } else {
        assertThat(answer.headers().firstValue("Content-Type"))
            .contains("application/problem+json");
        assertThat(answer.headers().firstValue("Repr-Digest")).isEmpty();
      }
    }

    @ParameterizedTest
    @CsvSource(
        delimiter = '|',
        textBlock =
            """
            If-Range      | ETAG         | 206
            If-Range      | "other"      | 200
            If-Range      | W/ETAG       | 200
            If-None-Match | ETAG         | 304
            If-None-Match | W/ETAG       | 304
            If-None-Match | "a", ETAG    | 304
            If-None-Match | *            | 304
            If-None-Match | "other"      | 206
            """)
    void isAskedForUnderConditions(String header, String value, int status) {
      String uid = registered("http://a.example/");
      succeeded(uid, 0, "a/b", hello);
      String path = "/v1/fetches/" + uid + "/records/0/body";
      String etag = gateway.get(path).headers().firstValue("ETag").orElseThrow();

      HttpResponse<String> answer =
          gateway.send(
              gateway
                  .request(path)
                  .header("Range", "bytes=0-0")
                  .header(header, value.replace("ETAG", etag))
                  .build());

      assertThat(answer.statusCode()).isEqualTo(status);
      assertThat(answer.headers().firstValue("ETag")).contains(etag);
      assertThat(answer.body()).isEqualTo(status == 304 ? "" : status == 206 ? "h" : "hello");
    }

    @Test
    void ofABadStatusIsReadTheSame() {
      String uid = registered("http://a.example/");
      succeeded(uid, 0, "a/b", hello);
      gateway.sql("UPDATE outcome SET result = 'bad-status' WHERE uid = '" + uid + "'");

      assertThat(gateway.get("/v1/fetches/" + uid + "/records/0/body").body()).isEqualTo("hello");
    }

    @Test
    void withoutATypeOfItsOwnIsOctets() {
      String uid = registered("http://a.example/");
      rows.succeeded(uid, 0, head(new JsonObject()), hello);

      assertThat(
              gateway
                  .get("/v1/fetches/" + uid + "/records/0/body")
                  .headers()
                  .firstValue("Content-Type"))
          .contains("application/octet-stream");
    }

    /** More than sockets hold, so the reader is in the middle when it stops to read. */
    @Test
    void isReadToItsEndAlthoughItIsReleasedMeanwhile() throws IOException {
      String uid = registered("http://a.example/");
      byte[] body = RecordRows.bytes(24 << 20);
      inSegments(uid, body, 8 << 20, 8 << 20, 8 << 20);
      String path = "/v1/fetches/" + uid + "/records/0/body";
      String readers = "SELECT count(*) FROM reader WHERE until > now() AND uid = '" + uid + "'";

      try (InputStream in =
          gateway.send(gateway.request(path).build(), BodyHandlers.ofInputStream()).body()) {
        assertThat(in.readNBytes(10)).isEqualTo(RecordRows.part(body, 0, 10));
        assertThat(gateway.number(readers)).isEqualTo(1);

        rows.release(uid);

        assertThat(gateway.get(path).statusCode()).isEqualTo(409);
        assertThat(gateway.number(readers)).isEqualTo(1);
        assertThat(in.readAllBytes()).isEqualTo(RecordRows.part(body, 10, body.length));
      }
      await().until(() -> gateway.number(readers) == 0);
    }

    /** The trigger stands for a release that comes between finding the body and its lease. */
    @Test
    void isNotBegunWhenItIsReleasedAMomentBefore() {
      String uid = registered("http://a.example/");
      inSegments(uid, hello, 2, 3);
      gateway.sql(
          """
          CREATE FUNCTION release_first() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
            UPDATE registration SET records_available = false WHERE uid = NEW.uid;
            RETURN NEW;
          END $$;
          CREATE TRIGGER release_first AFTER INSERT ON reader FOR EACH ROW
            WHEN (NEW.uid = '%s') EXECUTE FUNCTION release_first()
          """
              .formatted(uid));

      HttpResponse<String> answer = gateway.get("/v1/fetches/" + uid + "/records/0/body");

      assertThat(answer.statusCode()).isEqualTo(409);
      assertThat(json(answer).getString("name")).isEqualTo("InvalidStateError");
      await()
          .until(
              () -> gateway.number("SELECT count(*) FROM reader WHERE uid = '" + uid + "'") == 0);
      gateway.sql("DROP TRIGGER release_first ON reader");
    }

    @Test
    void ofOneSegmentIsReadToItsEndAlthoughItIsDeletedMeanwhile() throws IOException {
      String uid = registered("http://a.example/");
      byte[] body = RecordRows.bytes(24 << 20);
      inSegments(uid, body, body.length);
      String path = "/v1/fetches/" + uid + "/records/0/body";

      try (InputStream in =
          gateway.send(gateway.request(path).build(), BodyHandlers.ofInputStream()).body()) {
        assertThat(in.readNBytes(10)).isEqualTo(RecordRows.part(body, 0, 10));
        rows.release(uid);
        rows.deleteBlobs(uid);

        assertThat(in.readAllBytes()).isEqualTo(RecordRows.part(body, 10, body.length));
      }
      assertThat(gateway.number("SELECT count(*) FROM reader WHERE uid = '" + uid + "'")).isZero();
    }

    @Test
    void whoseBytesAreMissingIsAFailureOfOurOwn() {
      String uid = registered("http://a.example/");
      inSegments(uid, hello, hello.length);
      rows.deleteBlobs(uid);

      HttpRequest.Builder request = gateway.request("/v1/fetches/" + uid + "/records/0/body");
      HttpResponse<String> answer = gateway.send(request.header("Range", "bytes=1-3").build());

      assertThat(answer.statusCode()).isEqualTo(500);
      assertThat(answer.headers().firstValue("Content-Type")).contains("application/problem+json");
      assertThat(answer.headers().firstValue("Content-Range")).isEmpty();
    }

    @Test
    void whoseLaterBytesAreMissingIsCut() {
      String uid = registered("http://a.example/");
      inSegments(uid, hello, 2, 3);
      gateway.sql(
          "UPDATE outcome SET body_segments = jsonb_set(body_segments, '{1,key}', '\"no/0/t/0\"')"
              + " WHERE uid = '"
              + uid
              + "'");

      assertThatThrownBy(() -> gateway.get("/v1/fetches/" + uid + "/records/0/body"))
          .hasRootCauseInstanceOf(IOException.class);
    }

    @Test
    void comesOutOfSegments() {
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

    private static void inSegments(String uid, byte[] body, int... sizes) {
      JsonArray segments = rows.stored(uid, 0, "1-t", body, sizes);
      rows.succeeded(uid, 0, head(new JsonObject()), segments, body);
    }

    @ParameterizedTest
    @CsvSource({
      "fetch-error, TypeError",
      "download-total-exceeded, TypeError",
      "quota-exceeded, TypeError",
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

  @Nested
  class TheRequestBody {

    private static String registeredWith(String body) {
      return registered(
          new JsonObject()
              .put("url", "http://a.example/")
              .put("method", "POST")
              .put("headers", new JsonObject().put("content-type", "text/html"))
              .put("body", body),
          "http://a.example/");
    }

    @ParameterizedTest
    @ValueSource(ints = {5, 20_000, 9 << 20})
    void isGivenAsItWasRegistered(int length) {
      String body = "x".repeat(length);
      String uid = registeredWith(body);

      HttpResponse<String> answer = gateway.get("/v1/fetches/" + uid + "/records/0/request-body");

      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(answer.body()).isEqualTo(body);
      assertThat(answer.headers().map())
          .containsEntry("content-type", List.of("text/html"))
          .containsEntry("content-length", List.of(Integer.toString(length)))
          .containsEntry("x-content-type-options", List.of("nosniff"))
          .containsEntry("content-security-policy", List.of("sandbox"))
          .containsEntry("content-disposition", List.of("attachment"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"records/1", "records/2"})
    void isNotFoundWhereThereIsNone(String record) {
      String uid = registeredWith("x");

      assertThat(gateway.get("/v1/fetches/" + uid + "/" + record + "/request-body").statusCode())
          .isEqualTo(404);
    }

    @Test
    void isNotAvailableOnceReleased() {
      String uid = registeredWith("x".repeat(20_000));
      rows.release(uid);

      HttpResponse<String> answer = gateway.get("/v1/fetches/" + uid + "/records/0/request-body");

      assertThat(answer.statusCode()).isEqualTo(409);
      assertThat(json(answer).getString("name")).isEqualTo("InvalidStateError");
    }
  }
}

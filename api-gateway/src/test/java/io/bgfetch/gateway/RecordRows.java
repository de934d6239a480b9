package io.bgfetch.gateway;

import io.bgfetch.blob.BlobStore;
import io.bgfetch.blob.FileBlobStore;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** What becomes of records, written as workers and shards would write it. */
final class RecordRows {

  static final JsonObject PLAIN = head(new JsonObject().put("content-type", "text/plain"));

  /** No shard of the tests has this number, so none touches what is under way here. */
  private static final int SHARD = 99;

  private final RunningGateway gateway;
  private final Path data;

  RecordRows(RunningGateway gateway, Path data) {
    this.gateway = gateway;
    this.data = data;
  }

  static JsonObject head(JsonObject headers) {
    return new JsonObject()
        .put("url", "http://cdn.example/x")
        .put("redirected", true)
        .put("status", 200)
        .put("statusText", "OK")
        .put("headers", headers);
  }

  static String digest(byte[] body) {
    try {
      return Base64.getEncoder().encodeToString(MessageDigest.getInstance("SHA-256").digest(body));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  /** The record ended with an inline body. */
  void succeeded(String uid, int index, JsonObject head, byte[] body) {
    gateway.sql(
        """
        WITH gone AS (DELETE FROM under_way WHERE uid = '%1$s' AND index = %2$d)
        INSERT INTO outcome (uid, index, result, attempts, response, body_size, body_inline, digest,
                             downloaded, uploaded)
        VALUES ('%1$s', %2$d, 'success', 2, '%3$s', %4$d, decode('%5$s', 'hex'), '%6$s', %4$d, 0)
        """
            .formatted(
                uid, index, head, body.length, HexFormat.of().formatHex(body), digest(body)));
  }

  /** The record ended with a body in these segments. */
  void succeeded(String uid, int index, JsonObject head, JsonArray segments, byte[] body) {
    gateway.sql(
        """
        WITH gone AS (DELETE FROM under_way WHERE uid = '%1$s' AND index = %2$d)
        INSERT INTO outcome (uid, index, result, attempts, response, body_size, body_segments,
                             digest, downloaded, uploaded)
        VALUES ('%1$s', %2$d, 'success', 1, '%3$s', %4$d, '%5$s', '%6$s', %4$d, 0)
        """
            .formatted(uid, index, head, body.length, segments, digest(body)));
  }

  /** The record ended without a response. */
  void ended(String uid, int index, String result) {
    gateway.sql(
        """
        WITH gone AS (DELETE FROM under_way WHERE uid = '%1$s' AND index = %2$d)
        INSERT INTO outcome (uid, index, result, error, attempts, downloaded, uploaded)
        VALUES ('%1$s', %2$d, '%3$s', 'why', 1, 0, 0)
        """
            .formatted(uid, index, result));
  }

  /** The record is under way, and so far there. */
  void arriving(String uid, int index, @Nullable JsonObject head, @Nullable JsonArray segments) {
    gateway.sql(
        """
        INSERT INTO under_way (shard, uid, index, attempt, tries, lost, response, body_segments,
                               downloaded, uploaded, uploaded_before)
        VALUES (%d, '%s', %d, 2, 0, 0, %s, %s, 7, 0, 0)
        ON CONFLICT (uid, index) DO UPDATE
          SET response = EXCLUDED.response, body_segments = EXCLUDED.body_segments
        """
            .formatted(SHARD, uid, index, quoted(head), quoted(segments)));
  }

  private static String quoted(@Nullable Object json) {
    return json == null ? "NULL" : "'" + json + "'";
  }

  /** Stores a body in segments of these sizes, all of it but what they do not reach. */
  JsonArray stored(String uid, int index, String task, byte[] body, int... sizes) {
    JsonArray segments = new JsonArray();
    int from = 0;
    try (BlobStore blobs = new FileBlobStore(data.resolve("blobs"))) {
      for (int size : sizes) {
        String key = uid + "/" + index + "/" + task + "/" + segments.size();
        try (BlobStore.Draft draft = blobs.begin(key)) {
          draft.write(ByteBuffer.wrap(body, from, size));
          draft.commit();
        }
        segments.add(new JsonObject().put("key", key).put("size", size));
        from += size;
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return segments;
  }

  /** The first segments of a manifest. */
  static JsonArray first(int count, JsonArray segments) {
    return new JsonArray(segments.stream().limit(count).toList());
  }

  /** As retention would. */
  void deleteBlobs(String uid) {
    try (BlobStore blobs = new FileBlobStore(data.resolve("blobs"))) {
      blobs.deleteAll(uid);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void release(String uid) {
    gateway.sql("UPDATE registration SET records_available = false WHERE uid = '" + uid + "'");
  }

  static byte[] bytes(int length) {
    byte[] body = new byte[length];
    for (int i = 0; i < length; i++) {
      body[i] = (byte) (i * 31 + (i >> 8));
    }
    return body;
  }

  static byte[] part(byte[] body, int from, int to) {
    return Arrays.copyOfRange(body, from, to);
  }
}

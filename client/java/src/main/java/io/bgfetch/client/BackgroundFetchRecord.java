package io.bgfetch.client;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * One request of a background fetch and what came of it, as it was when it was read. Immutable.
 *
 * <pre>{@code
 * registration.match("/ep-5.mp3").orElseThrow().saveTo(Path.of("ep-5.mp3"));
 * }</pre>
 */
public final class BackgroundFetchRecord {
  /** The longest that the gateway waits for a response's head. */
  private static final Duration WAIT = Duration.ofSeconds(60);

  private final Gateway gateway;
  private final String uid;
  private final JsonNode json;

  BackgroundFetchRecord(Gateway gateway, String uid, JsonNode json) {
    this.gateway = gateway;
    this.uid = uid;
    this.json = json;
  }

  /** Its place in the list, from 0. */
  public long index() {
    return json.path("index").asLong();
  }

  /** What was asked. */
  public RecordRequest request() {
    return RecordRequest.of(json.path("request"));
  }

  /**
   * How it ended: {@code success}, {@code bad-status}, {@code fetch-error}, {@code
   * download-total-exceeded}, {@code quota-exceeded} or {@code aborted}; empty while it has not.
   */
  public String result() {
    return json.path("result").asText();
  }

  /** Why it failed, in one line; null when it did not. */
  public @Nullable String error() {
    return Json.textOrNull(json, "error");
  }

  /** How often it was tried so far. */
  public int attempts() {
    return json.path("attempts").asInt();
  }

  /** Bytes of the response's body received so far. */
  public long downloaded() {
    return json.path("downloaded").asLong();
  }

  /** The head of the response; null until it is known, and where there is none. */
  public @Nullable RecordResponse response() {
    JsonNode response = json.path("response");
    return response.isObject() ? RecordResponse.of(response) : null;
  }

  /**
   * The body of the response, streamed while it still arrives; where the head is not known yet it
   * is waited for up to a minute. Reading throws an {@link IOException} when the body is cut, and
   * never ends cleanly before it is complete. To be closed by the caller.
   *
   * @throws BgfetchException {@code AbortError} or {@code TypeError}: it cannot be read; {@code
   *     InvalidStateError}: the records were released, or there is no head yet
   */
  public InputStream body() {
    HttpRequest request =
        gateway
            .request("/v1/fetches/" + uid + "/records/" + index() + "/body")
            .header("Prefer", "wait=" + WAIT.toSeconds())
            .build();
    return gateway.open(request, WAIT, gateway.timeouts().bodyIdle()).body();
  }

  /**
   * Saves the body: to a file beside the wanted one ({@code .temp} behind its name), renamed only
   * when it is complete, so that a file of that name is never half a body.
   *
   * @return its length in bytes
   * @throws IOException when the body is cut or the file cannot be written
   * @throws BgfetchException as for {@link #body}
   */
  public long saveTo(Path file) throws IOException {
    Path temp = file.resolveSibling(file.getFileName() + ".temp");
    try (InputStream body = body()) {
      long size;
      try (OutputStream out =
          Files.newOutputStream(
              temp,
              StandardOpenOption.CREATE,
              StandardOpenOption.TRUNCATE_EXISTING,
              StandardOpenOption.WRITE,
              LinkOption.NOFOLLOW_LINKS)) {
        size = body.transferTo(out);
      }
      Files.move(temp, file, StandardCopyOption.REPLACE_EXISTING);
      return size;
    } finally {
      Files.deleteIfExists(temp);
    }
  }

  /** The record as the gateway wrote it. */
  public String toJson() {
    return Json.text(json);
  }

  @Override
  public String toString() {
    return toJson();
  }
}

package io.bgfetch.client;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * One request of a background fetch and what came of it, as it was when it was read. Immutable.
 *
 * <pre>{@code
 * BackgroundFetchRecord episode = registration.match("/ep-5.mp3").orElseThrow();
 * episode.responseReady().thenAccept(response -> System.out.println(response.status()));
 * long size = episode.saveTo(Path.of("ep-5.mp3"));
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
   * The head of the response, as soon as it is known; the body may still be arriving then and can
   * be read by {@link #body}. It completes on a thread of the HTTP client. Nobody knows how long an
   * origin takes: whoever waits for it sets the time ({@code get}, {@code orTimeout}); cancelling
   * it ends the asking.
   *
   * @return it fails with a {@link BgfetchException}, {@code AbortError} for a record that was
   *     aborted, {@code TypeError} for one that ended in an error, and with a {@link
   *     GatewayUnreachableException}
   */
  public CompletableFuture<RecordResponse> responseReady() {
    return new ResponseReady(
            gateway, path(), answer -> new BackgroundFetchRecord(gateway, uid, answer))
        .of(this);
  }

  /**
   * The body of the response, streamed while it still arrives; where the head is not known yet it
   * is waited for up to a minute. Reading throws an {@link IOException} when the body is cut, and
   * never ends cleanly before it is complete; one that was complete when it was opened is compared
   * with its digest. To be closed by the caller.
   *
   * @throws BgfetchException {@code AbortError} or {@code TypeError}: it cannot be read; {@code
   *     InvalidStateError}: the records were released, or there is no head yet
   */
  public InputStream body() {
    HttpResponse<InputStream> answer = open(UnaryOperator.identity());
    return ContentDigest.in(answer.headers().firstValue("Repr-Digest").orElse(null))
        .<InputStream>map(digest -> new VerifiedBody(answer.body(), digest))
        .orElse(answer.body());
  }

  private HttpResponse<InputStream> open(UnaryOperator<HttpRequest.Builder> more) {
    return gateway.open(
        path() + "/body",
        request -> more.apply(request.header("Prefer", "wait=" + WAIT.toSeconds())),
        WAIT);
  }

  /**
   * Saves the body. It is written to a new file beside the wanted one ({@code bgfetch-….temp}),
   * which takes its name, and the place of what was there, only when the body is complete and has
   * the digest of its {@link RecordResponse}: nobody ever sees half a body under that name. A file
   * of that other name that is left behind is of a process that was killed. A body that still
   * arrives is waited for. Where the connection is lost it is made again, to the next gateway where
   * there are several: the download goes on where it was, or from the beginning when the service
   * did not have all of the body yet.
   *
   * @param file in a directory that exists and can be written to
   * @return its length in bytes
   * @throws IOException when the body is cut for good, nothing of it arrives for as long as {@link
   *     BackgroundFetchManager.Builder#bodyIdleTimeout} says, it is another one than it should be,
   *     or the file cannot be written; what was at the file's place is still there
   * @throws BgfetchException as for {@link #body}
   * @throws GatewayUnreachableException when no gateway can be reached to begin with
   */
  public long saveTo(Path file) throws IOException {
    return new BodyDownload(gateway.attempts(), this::open, this::currentDigest).saveTo(file);
  }

  private Optional<ContentDigest> currentDigest() {
    return ContentDigest.in(gateway.get(path()).path("response").path("digest").textValue());
  }

  /**
   * The body of the request, as it was registered. To be closed by the caller.
   *
   * @throws BgfetchException 404: it has none; {@code InvalidStateError}: the records were released
   */
  public InputStream requestBody() {
    return gateway.open(path() + "/request-body", UnaryOperator.identity(), Duration.ZERO).body();
  }

  private String path() {
    return "/v1/fetches/" + uid + "/records/" + index();
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

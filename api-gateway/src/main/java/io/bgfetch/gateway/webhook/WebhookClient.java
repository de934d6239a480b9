package io.bgfetch.gateway.webhook;

import io.bgfetch.connection.ReadAhead;
import io.bgfetch.egress.EgressGuard;
import io.bgfetch.egress.EgressSettings;
import io.bgfetch.lifecycle.Part;
import io.bgfetch.outgoing.NetworkErrors;
import io.bgfetch.outgoing.OutgoingClient;
import io.bgfetch.outgoing.RetryAfter;
import io.bgfetch.url.WebUrl;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientAgent;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpClosedException;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.SocketAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Posts to receivers: only where the address rules allow, to the very address that they judged, and
 * through the proxy where there is one. Redirects are not followed, and hardly anything of an
 * answer's body is read. Belongs to the gateway's context.
 */
final class WebhookClient implements Part {

  private static final int MOST_BODY = 4 << 10;

  private final Vertx vertx;
  private final EgressGuard guard;
  private final OutgoingClient outgoing;
  private final Deadlines deadlines;
  private final InstantSource clock;

  WebhookClient(
      Vertx vertx,
      EgressSettings egress,
      EgressGuard guard,
      int connections,
      Deadlines deadlines,
      InstantSource clock) {
    this.vertx = vertx;
    this.guard = guard;
    this.outgoing =
        new OutgoingClient(vertx, egress, connections, deadlines.connect(), ReadAhead.PIECE);
    this.deadlines = deadlines;
    this.clock = clock;
  }

  /**
   * How long an attempt may take.
   *
   * @param connect making one connection
   * @param all everything, from looking the host up to the end of the answer
   */
  record Deadlines(Duration connect, Duration all) {}

  @Override
  public Future<Void> start() {
    return outgoing.start();
  }

  @Override
  public Future<Void> stop() {
    return outgoing.stop();
  }

  /** Makes one attempt; it ends within the deadline, and never as a failure. */
  Future<Attempt> post(String url, MultiMap headers, Buffer body) {
    return new Call(WebUrl.parse(url), headers, body).run();
  }

  /** One attempt: from the first look-up to the end of the answer. */
  private final class Call {

    private final WebUrl url;
    private final MultiMap headers;
    private final Buffer body;
    private final Promise<Attempt> ended = Promise.promise();
    private @Nullable HttpClientRequest request;
    private @Nullable Attempt answer;
    private int received;

    Call(WebUrl url, MultiMap headers, Buffer body) {
      this.url = url;
      this.headers = headers;
      this.body = body;
    }

    Future<Attempt> run() {
      long deadline = vertx.setTimer(deadlines.all().toMillis(), late -> cut());
      guard
          .resolve(url.host(), url.effectivePort())
          .compose(this::exchange)
          .onSuccess(this::read)
          .onFailure(cause -> end(new Attempt.Unanswered(NetworkErrors.of(cause).line())));
      return ended.future().onComplete(over -> vertx.cancelTimer(deadline));
    }

    /** The receiver may close a connection that was kept at the very moment in which it is used. */
    private Future<HttpClientResponse> exchange(List<InetSocketAddress> addresses) {
      return exchangeOnce(addresses)
          .recover(
              cause ->
                  cause instanceof HttpClosedException
                      ? exchangeOnce(addresses)
                      : Future.failedFuture(cause));
    }

    private Future<HttpClientResponse> exchangeOnce(List<InetSocketAddress> addresses) {
      return connect(addresses, 0).compose(this::send);
    }

    /** An address that takes no connection is followed by the next one. */
    private Future<HttpClientRequest> connect(List<InetSocketAddress> addresses, int at) {
      HttpClientAgent client = outgoing.client();
      if (client == null || over()) {
        return Future.failedFuture("the attempt is over");
      }
      return client
          .request(to(addresses.get(at)))
          .recover(
              cause ->
                  at + 1 < addresses.size()
                      ? connect(addresses, at + 1)
                      : Future.failedFuture(cause));
    }

    private RequestOptions to(InetSocketAddress address) {
      return new RequestOptions()
          .setMethod(HttpMethod.POST)
          .setServer(SocketAddress.inetSocketAddress(address))
          .setHost(url.host())
          .setPort(url.effectivePort())
          .setSsl(url.isHttps())
          .setURI(url.requestTarget())
          .setConnectTimeout(deadlines.connect().toMillis())
          .setFollowRedirects(false)
          .setHeaders(HttpHeaders.headers().addAll(headers));
    }

    private Future<HttpClientResponse> send(HttpClientRequest ready) {
      request = ready;
      if (over()) {
        reset(ready);
        return Future.failedFuture("the attempt is over");
      }
      return ready.send(body);
    }

    /** What counts is the status; the body is read so that the connection can be used again. */
    private void read(HttpClientResponse response) {
      Long retryAfter =
          RetryAfter.millis(response.getHeader(HttpHeaders.RETRY_AFTER), clock.instant());
      Attempt answered =
          new Attempt.Answered(
              response.statusCode(), retryAfter == null ? null : Duration.ofMillis(retryAfter));
      answer = answered;
      response.handler(this::drop);
      response.exceptionHandler(broken -> end(answered));
      response.endHandler(whole -> end(answered));
    }

    private void drop(Buffer piece) {
      received += piece.length();
      if (received > MOST_BODY) {
        cut();
      }
    }

    private void cut() {
      end(answer == null ? new Attempt.Unanswered(late()) : answer);
      if (request != null) {
        reset(request);
      }
    }

    private String late() {
      return "no answer within " + deadlines.all().toMillis() + " ms";
    }

    private void end(Attempt attempt) {
      ended.tryComplete(attempt);
    }

    private boolean over() {
      return ended.future().isComplete();
    }
  }

  private static void reset(HttpClientRequest request) {
    Future<Void> cut = request.reset();
    cut.onFailure(overBefore -> {});
  }
}

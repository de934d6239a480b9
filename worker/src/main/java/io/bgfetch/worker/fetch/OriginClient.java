package io.bgfetch.worker.fetch;

import io.bgfetch.connection.ReadAhead;
import io.bgfetch.egress.EgressSettings;
import io.bgfetch.lifecycle.Part;
import io.bgfetch.outgoing.NetworkError;
import io.bgfetch.outgoing.OutgoingClient;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientAgent;
import io.vertx.core.http.HttpClientConnection;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpConnectOptions;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.SocketAddress;
import io.vertx.ext.web.client.HttpRequest;
import io.vertx.ext.web.client.HttpResponse;
import io.vertx.ext.web.client.WebClient;
import io.vertx.ext.web.client.WebClientOptions;
import io.vertx.ext.web.client.impl.HttpContext;
import io.vertx.ext.web.client.impl.WebClientInternal;
import java.time.Duration;
import java.util.Collections;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The Vert.x Web Client as fetches use it: with the last word before the first byte, with the head
 * of a response before its body, and with a way to cut what is under way. The client's public API
 * has none of these; an interceptor sees them pass, and this is the one class that touches the
 * client's internals for it.
 *
 * <p>Connections are used again, but for requests that must never go out on one that the origin may
 * be closing at that moment: such a request gets a connection of its own, made for it and closed
 * behind it. HTTP/2 is spoken where the origin offers it. Belongs to the worker's context.
 */
public final class OriginClient implements Part {

  private static final String CLOSED = "the client is closed";

  private final OutgoingClient outgoing;
  private final Set<HttpConnection> used = Collections.newSetFromMap(new WeakHashMap<>());
  private @Nullable WebClient client;

  /**
   * A client that is not open yet. Turns are taken in the lanes; its pool must not be a second
   * queue behind them. Twice as many connections, since one of a fetch that was cut may still be
   * under way.
   *
   * @param egress by which way its connections go
   * @param concurrency requests at once
   * @param connect the longest that any connection may take to be made
   */
  public OriginClient(Vertx vertx, EgressSettings egress, int concurrency, Duration connect) {
    this.outgoing = new OutgoingClient(vertx, egress, 2 * concurrency, connect, ReadAhead.READ);
  }

  @Override
  public Future<Void> start() {
    return outgoing.start().onSuccess(open -> wrap());
  }

  private void wrap() {
    HttpClientAgent http = outgoing.client();
    if (http != null) {
      WebClientOptions options =
          new WebClientOptions().setUserAgentEnabled(false).setFollowRedirects(false);
      client = ((WebClientInternal) WebClient.wrap(http, options)).addInterceptor(this::intercept);
    }
  }

  /** Performs an exchange: the future ends when the response is read to its end, or fails. */
  Future<Void> perform(Exchange exchange) {
    WebClient running = client;
    return running == null
        ? Future.failedFuture(CLOSED)
        : send(request(running, exchange), exchange.call().body())
            .onComplete((response, failure) -> exchange.ended(failure))
            .mapEmpty();
  }

  private static HttpRequest<Void> request(WebClient client, Exchange exchange) {
    Call call = exchange.call();
    RequestOptions options =
        new RequestOptions()
            .setHost(call.url().host())
            .setPort(call.url().effectivePort())
            .setSsl(call.url().isHttps())
            .setURI(call.url().requestTarget())
            .setConnectTimeout(call.connectMillis())
            .setFollowRedirects(false)
            .setHeaders(headers(call));
    return client
        .request(
            HttpMethod.valueOf(call.method()),
            SocketAddress.inetSocketAddress(call.address()),
            options)
        .as(new ExchangeCodec(exchange));
  }

  /** What the client says about a bad value repeats it, and it may be a secret. */
  private static MultiMap headers(Call call) {
    MultiMap headers = HttpHeaders.headers();
    call.headers()
        .forEach(
            (name, value) -> {
              try {
                headers.set(name, value);
              } catch (IllegalArgumentException bad) {
                throw new FetchFailure(
                    NetworkError.lasting("the header " + name + " cannot be sent"));
              }
            });
    return headers;
  }

  private static Future<HttpResponse<Void>> send(
      HttpRequest<Void> request, @Nullable OutgoingBody body) {
    return switch (body) {
      case null -> request.send();
      case OutgoingBody.Whole whole -> request.sendBuffer(whole.bytes());
      case OutgoingBody.Streamed streamed ->
          request
              .putHeader(HttpHeaders.CONTENT_LENGTH.toString(), Long.toString(streamed.length()))
              .sendStream(streamed.source());
    };
  }

  private void intercept(HttpContext<?> context) {
    if (context.request().bodyCodec() instanceof ExchangeCodec codec) {
      switch (context.phase()) {
        case CREATE_REQUEST -> create(context, codec.exchange());
        case SEND_REQUEST -> beforeSending(context, codec.exchange());
        case RECEIVE_RESPONSE -> {
          codec.exchange().responded(context.clientResponse());
          context.next();
        }
        default -> context.next();
      }
    } else {
      context.next();
    }
  }

  private void create(HttpContext<?> context, Exchange exchange) {
    if (exchange.call().fresh()) {
      connected(exchange)
          .compose(connection -> connection.request(context.requestOptions()))
          .onComplete(context::sendRequest, context::fail);
    } else {
      context.next();
    }
  }

  /** The exchange owns what comes of it, even when that comes too late. */
  private Future<HttpClientConnection> connected(Exchange exchange) {
    HttpClientAgent http = outgoing.client();
    if (http == null) {
      return Future.failedFuture(CLOSED);
    }
    Call call = exchange.call();
    return http.connect(
            new HttpConnectOptions()
                .setServer(SocketAddress.inetSocketAddress(call.address()))
                .setHost(call.url().host())
                .setPort(call.url().effectivePort())
                .setSsl(call.url().isHttps()))
        .onSuccess(exchange::own)
        .timeout(call.connectMillis(), TimeUnit.MILLISECONDS);
  }

  private void beforeSending(HttpContext<?> context, Exchange exchange) {
    HttpClientRequest request = context.clientRequest();
    ReadAhead.limit(request.connection());
    ReadAhead.carry(request.connection(), exchange);
    boolean usedBefore = !exchange.call().fresh() && !used.add(request.connection());
    exchange
        .connected(request, usedBefore)
        .onComplete(
            cleared -> {
              Throwable cut = exchange.cutBy();
              if (cut != null) {
                context.fail(cut);
              } else if (request.response().failed()) {
                context.fail(request.response().cause());
              } else {
                sendHead(context, exchange);
              }
            },
            context::fail);
  }

  /** The head of a streamed body would otherwise wait for the body's first bytes. */
  private static void sendHead(HttpContext<?> context, Exchange exchange) {
    exchange.sending();
    if (exchange.call().body() instanceof OutgoingBody.Streamed) {
      Future<Void> sent = context.clientRequest().sendHead();
      sent.onFailure(seenAsFailedResponse -> {});
    }
    context.next();
  }

  @Override
  public Future<Void> stop() {
    client = null;
    return outgoing.stop();
  }
}

package io.bgfetch.worker.fetch;

import io.bgfetch.connection.ReadAhead;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.streams.WriteStream;
import org.jspecify.annotations.Nullable;

/**
 * One request and its response on the way. Belongs to the worker's context; {@link OriginClient}
 * moves it on.
 */
final class Exchange {

  /** What its owner has to say and to hear. */
  interface Owner {

    /** There is a connection. The request's first byte goes out as soon as this completes. */
    Future<Void> beforeFirstByte();

    /** The first byte goes out now. */
    void sending();

    /** Whether the request has gone out to its last byte. */
    boolean wholeRequestSent();

    /** The head of the response is here. The answer takes its body. */
    WriteStream<Buffer> responded(HttpClientResponse response);
  }

  private final Call call;
  private final Owner owner;
  private @Nullable HttpClientRequest request;
  private @Nullable HttpConnection own;
  private @Nullable WriteStream<Buffer> sink;
  private @Nullable Throwable cut;
  private boolean held;
  private boolean sent;
  private boolean reused;
  private boolean ended;

  Exchange(Call call, Owner owner) {
    this.call = call;
    this.owner = owner;
  }

  Call call() {
    return call;
  }

  /** Whether there was a connection. */
  boolean connected() {
    return request != null;
  }

  /** Whether the first byte of the request may have gone out. */
  boolean sent() {
    return sent;
  }

  /** Whether its connection had carried other requests before. */
  boolean reused() {
    return reused;
  }

  /** Ends it here and now: its future fails with the cause, if it has not ended yet. */
  void cut(Throwable cause) {
    if (cut == null) {
      cut = cause;
      letGo();
      reset(cause);
      closeOwn();
    }
  }

  @Nullable Throwable cutBy() {
    return cut;
  }

  /** This connection is for it alone, and is closed behind it. */
  void own(HttpConnection connection) {
    own = connection;
    if (ended || cut != null) {
      closeOwn();
    }
  }

  Future<Void> connected(HttpClientRequest connection, boolean usedBefore) {
    request = connection;
    reused = usedBefore;
    return cut == null ? owner.beforeFirstByte() : Future.failedFuture(cut);
  }

  void sending() {
    sent = true;
    owner.sending();
  }

  void responded(HttpClientResponse response) {
    sink = owner.responded(response);
  }

  WriteStream<Buffer> sink() {
    WriteStream<Buffer> taker = sink;
    if (taker == null) {
      throw new IllegalStateException("a body before its head");
    }
    return taker;
  }

  /** Reads no more of the connection for now, when it carries nothing else. */
  void hold() {
    if (!held && request != null && request.version() != HttpVersion.HTTP_2) {
      held = true;
      ReadAhead.hold(request.connection(), this);
    }
  }

  /** Reads on. */
  void letGo() {
    if (held && request != null) {
      held = false;
      ReadAhead.letGo(request.connection(), this);
    }
  }

  /** The response was read to its end, or never will be. */
  void ended(@Nullable Throwable failure) {
    letGo();
    if (failure != null) {
      reset(failure);
    } else if (!owner.wholeRequestSent()) {
      breakOff();
    }
    ended = true;
    closeOwn();
  }

  /** Leaves nothing behind on the connection. */
  private void reset(Throwable cause) {
    HttpClientRequest under = request;
    if (under != null && !ended) {
      Future<Void> done = under.reset(0, cause);
      done.onFailure(alreadyOver -> {});
    }
  }

  /** The answer came before the whole request was sent: nobody waits for the rest of it. */
  private void breakOff() {
    HttpClientRequest under = request;
    if (under != null && under.version() == HttpVersion.HTTP_2) {
      reset(new IllegalStateException("answered early"));
    } else if (under != null) {
      Future<Void> closed = under.connection().close();
      closed.onFailure(alreadyClosed -> {});
    }
  }

  private void closeOwn() {
    HttpConnection closing = own;
    own = null;
    if (closing != null) {
      Future<Void> closed = closing.close();
      closed.onFailure(alreadyClosed -> {});
    }
  }
}

package io.bgfetch.gateway.registering;

import io.bgfetch.fetch.Registration;
import io.bgfetch.gateway.body.BodyPieces;
import io.bgfetch.gateway.problem.Problem;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonObject;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One registration that comes as lines (NDJSON): the first says what it is, every further one is a
 * request. Requests are stored while the rest is still coming, and no faster is read than stored.
 */
final class LineReading {

  private final BodyPieces pieces;
  private final LineSplitter lines;
  private final HeadCheck headCheck;
  private final RequestCheck requestCheck;
  private final Function<RegistrationHead, Loading> begin;
  private final Promise<Registration> promise = Promise.promise();
  private RequestBatch batch = new RequestBatch(0);
  private @Nullable RequestList list;
  private @Nullable Loading loading;
  private boolean done;

  LineReading(
      BodyPieces pieces, RegisteringLimits limits, Function<RegistrationHead, Loading> begin) {
    this.pieces = pieces;
    this.lines = new LineSplitter(limits.lineBytes());
    this.headCheck = new HeadCheck(limits);
    this.requestCheck = new RequestCheck(limits);
    this.begin = begin;
  }

  /** Reads all of it. Where that fails nothing is left behind. */
  Future<Registration> run() {
    pieces.onNew(this::readOn);
    readOn();
    return promise.future();
  }

  private void readOn() {
    try {
      while (!done && !waiting()) {
        Buffer piece = pieces.poll();
        Throwable broken = pieces.failure();
        if (piece != null) {
          lines.split(piece, this::line);
        } else if (broken != null) {
          fail(broken);
        } else if (pieces.ended()) {
          lines.end(this::line);
          end();
        } else {
          pieces.more();
          return;
        }
      }
    } catch (RuntimeException refused) {
      fail(refused);
    }
  }

  private boolean waiting() {
    Throwable notStored = loading == null ? null : loading.failure();
    if (notStored != null) {
      fail(notStored);
    }
    return loading != null && loading.busy();
  }

  private void line(Buffer line) {
    if (list == null) {
      RegistrationHead head = headCheck.check(headOf(line), false);
      list = new RequestList(requestCheck, head);
      loading = begin.apply(head).onStored(this::readOn);
    } else {
      request(list, line);
    }
  }

  private static JsonObject headOf(Buffer line) {
    try {
      return new JsonObject(line);
    } catch (DecodeException | ClassCastException notOne) {
      throw Problem.typeError("the first line is not a JSON object").toException();
    }
  }

  private void request(RequestList requests, Buffer line) {
    CheckedRequest request = null;
    try {
      request = requests.next(Json.decodeValue(line));
    } catch (DecodeException notJson) {
      requests.nextIsNotJson();
    }
    if (requests.hopeless()) {
      requests.requireCorrect();
    }
    if (request != null && requests.correct()) {
      store(request);
    }
  }

  private void store(CheckedRequest request) {
    if (batch.full() && loading != null) {
      RequestBatch full = batch;
      batch = new RequestBatch(full.nextIndex());
      loading.add(full);
    }
    batch.add(request);
  }

  private void end() {
    if (list == null || loading == null) {
      throw Problem.typeError("the body has no first line").toException();
    }
    list.requireCorrect();
    done = true;
    Loading whole = loading;
    whole
        .register(batch)
        .recover(cause -> whole.abandon().transform(gone -> Future.failedFuture(cause)))
        .onComplete(promise);
  }

  private void fail(Throwable cause) {
    if (done) {
      return;
    }
    done = true;
    Future<Void> gone = loading == null ? Future.succeededFuture() : loading.abandon();
    gone.onComplete(ended -> promise.fail(cause));
  }
}

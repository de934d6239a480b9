package io.bgfetch.gateway.registering;

import io.bgfetch.fetch.Registration;
import io.bgfetch.gateway.body.BodyBudget;
import io.bgfetch.gateway.body.BodyPieces;
import io.bgfetch.gateway.body.BodyReading;
import io.bgfetch.gateway.problem.Problem;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonObject;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One registration that comes as lines (NDJSON): the first says what it is, every further one is a
 * request. Requests are stored while the rest is still coming, and no faster is read than stored.
 */
final class LineReading implements BodyReading.Sink {

  private final BodyReading reading;
  private final LineSplitter lines;
  private final Checks checks;
  private final BodyBudget.Share share;
  private final Deque<Integer> beingStored = new ArrayDeque<>();
  private final Function<RegistrationHead, Loading> begin;
  private final Promise<Registration> promise = Promise.promise();
  private RequestBatch batch = new RequestBatch(0);
  private int gathered;
  private @Nullable RequestList list;
  private @Nullable Loading loading;

  /**
   * A reading that has not begun.
   *
   * @param share of the memory for bodies, for what is gathered and not stored; not closed here
   */
  LineReading(
      BodyPieces pieces,
      Checks checks,
      BodyBudget.Share share,
      Function<RegistrationHead, Loading> begin) {
    this.reading = new BodyReading(pieces, this);
    this.lines = new LineSplitter(checks.limits().lineBytes());
    this.checks = checks;
    this.share = share;
    this.begin = begin;
  }

  /** Reads all of it. Where that fails nothing is left behind. */
  Future<Registration> run() {
    reading.start();
    return promise.future();
  }

  @Override
  public boolean busy() {
    return loading != null && loading.busy();
  }

  private void stored() {
    if (!beingStored.isEmpty()) {
      share.giveBack(beingStored.remove());
    }
    Throwable notStored = loading == null ? null : loading.failure();
    if (notStored == null) {
      reading.readOn();
    } else {
      reading.fail(notStored);
    }
  }

  @Override
  public void piece(Buffer piece) {
    share.take(piece.length());
    gathered += piece.length();
    lines.split(piece, this::line);
    if (list != null && !list.correct()) {
      letGo();
    }
  }

  /** Nothing more of a list is stored once something in it is wrong. */
  private void letGo() {
    batch = new RequestBatch(batch.nextIndex());
    share.giveBack(gathered);
    gathered = 0;
  }

  private void line(Buffer line) {
    if (list == null) {
      RegistrationHead head = checks.head().check(headOf(line), false);
      list = new RequestList(checks.request(), head);
      loading = begin.apply(head).onStored(this::stored);
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
      beingStored.add(gathered);
      gathered = 0;
      loading.add(full);
    }
    batch.add(request);
  }

  @Override
  public void end() {
    lines.end(this::line);
    if (list == null || loading == null) {
      throw Problem.typeError("the body has no first line").toException();
    }
    list.requireCorrect();
    Loading whole = loading;
    whole
        .register(batch)
        .recover(cause -> whole.abandon().transform(gone -> Future.failedFuture(cause)))
        .onComplete(promise);
  }

  @Override
  public void failed(Throwable cause) {
    Throwable first = list == null ? cause : list.firstProblem(cause);
    Future<Void> gone = loading == null ? Future.succeededFuture() : loading.abandon();
    gone.onComplete(ended -> promise.tryFail(first));
  }
}

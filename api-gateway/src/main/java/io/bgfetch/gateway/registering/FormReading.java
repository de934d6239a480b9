package io.bgfetch.gateway.registering;

import io.bgfetch.fetch.Registration;
import io.bgfetch.gateway.body.BodyPieces;
import io.bgfetch.gateway.body.BodyReading;
import io.bgfetch.gateway.body.FormParser;
import io.bgfetch.gateway.body.PartHead;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One registration that comes as a form: parts are taken one after the other, and no faster is read
 * than they are stored. Used from one context.
 */
final class FormReading implements BodyReading.Sink, FormParser.Sink {

  private final BodyReading reading;
  private final FormParser parser;
  private final FormParts parts;
  private final Promise<Registration> promise = Promise.promise();

  /** What the last piece brought, at most; no further one is read before it is empty. */
  private final Queue<Supplier<Future<Void>>> steps = new ArrayDeque<>();

  private @Nullable Throwable failure;
  private boolean working;

  FormReading(
      BodyPieces pieces, String boundary, @Nullable BodyIdentity identity, FormParts parts) {
    this.reading = new BodyReading(pieces, this);
    this.parser = new FormParser(boundary, new FormIdentity(identity, this));
    this.parts = parts;
  }

  /** Reads all of it. Where that fails nothing is left behind. */
  Future<Registration> run() {
    reading.start();
    return promise.future();
  }

  @Override
  public boolean busy() {
    return working || !steps.isEmpty();
  }

  @Override
  public void piece(Buffer piece) {
    parser.parse(piece);
    work();
  }

  @Override
  public void begin(PartHead head) {
    steps.add(() -> parts.begin(head.name()));
  }

  @Override
  public void content(Buffer piece) {
    steps.add(() -> parts.content(piece));
  }

  @Override
  public void partEnd() {
    steps.add(parts::end);
  }

  private void work() {
    while (!working && !steps.isEmpty()) {
      Supplier<Future<Void>> next = steps.remove();
      Future<Void> step = Future.<Void>succeededFuture().compose(now -> next.get());
      if (!step.succeeded()) {
        working = true;
        step.onSuccess(done -> worked()).onFailure(this::workFailed);
      }
    }
  }

  private void worked() {
    working = false;
    if (failure != null) {
      abandon(failure);
      return;
    }
    work();
    reading.readOn();
  }

  private void workFailed(Throwable cause) {
    working = false;
    if (failure == null) {
      reading.fail(cause);
    } else {
      abandon(failure);
    }
  }

  @Override
  public void end() {
    parser.end();
    parts.register().onSuccess(promise::complete).onFailure(this::abandon);
  }

  /** What is being written is waited for: only then can it be deleted. */
  @Override
  public void failed(Throwable cause) {
    failure = cause;
    steps.clear();
    if (!working) {
      abandon(cause);
    }
  }

  private void abandon(Throwable cause) {
    parts.abandon().onComplete(gone -> promise.tryFail(cause));
  }
}

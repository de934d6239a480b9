package io.bgfetch.gateway.registering;

import io.bgfetch.fetch.Registration;
import io.bgfetch.gateway.registering.CheckedDocument.Batches;
import io.vertx.core.Future;
import io.vertx.core.Promise;

/** The storing of a checked document: its batches one after the other. */
final class DocumentStoring {

  private final Loading loading;
  private final Batches batches;
  private final DocumentThreads threads;
  private final Promise<Registration> promise = Promise.promise();
  private boolean reading;
  private boolean done;

  DocumentStoring(Loading loading, Batches batches, DocumentThreads threads) {
    this.loading = loading.onStored(this::storeMore);
    this.batches = batches;
    this.threads = threads;
  }

  /** Stores all of it. Where that fails nothing is left behind. */
  Future<Registration> run() {
    storeMore();
    return promise
        .future()
        .recover(cause -> loading.abandon().transform(gone -> Future.failedFuture(cause)));
  }

  private void storeMore() {
    Throwable notStored = loading.failure();
    if (notStored != null) {
      fail(notStored);
    } else if (!done && !reading && !loading.busy()) {
      reading = true;
      threads.next(batches).onSuccess(this::store).onFailure(this::fail);
    }
  }

  private void store(RequestBatch batch) {
    reading = false;
    if (done) {
      return;
    }
    if (batches.hasNext()) {
      loading.add(batch);
      storeMore();
    } else {
      done = true;
      loading.register(batch).onComplete(promise);
    }
  }

  private void fail(Throwable cause) {
    if (!done) {
      done = true;
      promise.fail(cause);
    }
  }
}

package io.bgfetch.gateway.database;

import io.vertx.core.AsyncResult;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.ConnectionPoolTooBusyException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Short writes that share transactions: one that comes alone is written at once, those that come
 * while a statement is under way go together in the next one. Each has its own answer; a failure of
 * the statement is that of all its members. Used from one context.
 *
 * @param <T> what is written
 * @param <R> what is answered
 */
public final class GroupCommit<T, R> {

  private static final Logger LOG = LoggerFactory.getLogger(GroupCommit.class);

  /** The last resort: connections and statements have deadlines of their own. */
  private static final Duration WRITTEN_WITHIN = Duration.ofMinutes(2);

  private final Function<List<T>, Future<List<R>>> statement;
  private final int mostMembers;
  private final int mostWaiting;
  private final Queue<Waiting<T, R>> waiting = new ArrayDeque<>();
  private boolean underWay;

  private record Waiting<T, R>(T member, Promise<R> answer) {}

  /**
   * A group that nobody has joined.
   *
   * @param statement writes some and gives their answers in the same order
   * @param mostMembers of one statement
   * @param mostWaiting beside those whose statement is under way; what comes on top fails at once
   */
  public GroupCommit(
      int mostMembers, int mostWaiting, Function<List<T>, Future<List<R>>> statement) {
    this.mostMembers = mostMembers;
    this.mostWaiting = mostWaiting;
    this.statement = statement;
  }

  /** Writes it with whatever else waits; the future ends when that is committed, or has failed. */
  public Future<R> join(T member) {
    if (waiting.size() >= mostWaiting) {
      return Future.failedFuture(
          new ConnectionPoolTooBusyException("too much waits to be written"));
    }
    Promise<R> answer = Promise.promise();
    waiting.add(new Waiting<>(member, answer));
    if (!underWay) {
      writeNext();
    }
    return answer.future();
  }

  private void writeNext() {
    List<Waiting<T, R>> group = new ArrayList<>();
    while (group.size() < mostMembers && !waiting.isEmpty()) {
      group.add(waiting.remove());
    }
    underWay = !group.isEmpty();
    if (underWay) {
      List<T> members = group.stream().map(Waiting::member).toList();
      Context context = Vertx.currentContext();
      Future.succeededFuture(members)
          .compose(statement)
          .timeout(WRITTEN_WITHIN.toMillis(), TimeUnit.MILLISECONDS)
          .onComplete(written -> on(context, () -> answer(group, written)));
    }
  }

  /** A timeout comes on a thread of its own. */
  private static void on(@Nullable Context context, Runnable action) {
    if (context == null || context == Vertx.currentContext()) {
      action.run();
    } else {
      context.runOnContext(now -> action.run());
    }
  }

  /** The next ones first: Postgres works on them while these are answered. */
  private void answer(List<Waiting<T, R>> group, AsyncResult<List<R>> written) {
    writeNext();
    for (int i = 0; i < group.size(); i++) {
      answer(group.get(i).answer(), i, written);
    }
  }

  /** What goes wrong with one is not the next one's loss. */
  private static <R> void answer(Promise<R> answer, int at, AsyncResult<List<R>> written) {
    try {
      if (written.succeeded()) {
        answer.complete(written.result().get(at));
      } else {
        answer.fail(written.cause());
      }
    } catch (RuntimeException unexpected) {
      LOG.atError().setCause(unexpected).log("what was written could not be answered");
    }
  }
}

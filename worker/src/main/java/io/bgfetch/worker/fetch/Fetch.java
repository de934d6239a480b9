package io.bgfetch.worker.fetch;

import io.bgfetch.lane.LaneLayout;
import io.bgfetch.message.FetchEvent;
import io.bgfetch.message.FetchJob.Resume;
import io.bgfetch.outgoing.NetworkError;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One attempt at one record, from its turn to its end. Belongs to the worker's context, and is
 * ticked there.
 */
final class Fetch implements RunningFetch {

  private static final long SAVE_WITHIN_MILLIS = 2_000;

  private final Attempt attempt;
  private final Course course;
  private final Promise<Optional<FetchEvent.OfTask>> ended = Promise.promise();
  private @Nullable Supplier<FetchEvent.OfTask> lastWord;
  private long saveUntil;
  private boolean over;

  /** An attempt that has not begun. */
  Fetch(Attempt attempt, Clearance clearance) {
    this.attempt = attempt;
    String laneHost = LaneLayout.hostOf(attempt.job().lane());
    Place place = new Place(attempt.means().detours(), laneHost);
    this.course = new Course(attempt, clearance, place, this::fail);
  }

  @Override
  public Future<Optional<FetchEvent.OfTask>> perform() {
    course.run().onComplete(this::answered, this::fail);
    return ended.future();
  }

  /** A status that is tried again leaves what was stored before it as it is. */
  private void answered(Answer.Complete answer) {
    Supplier<FetchEvent.OfTask> last =
        () -> attempt.endings().answered(answer.head(), answer.body(), soFar());
    if (attempt.endings().triedAgain(answer.head().status())) {
      windUp(last);
    } else {
      end(last.get());
    }
  }

  private void fail(Throwable failure) {
    boolean connected = course.connected();
    Supplier<FetchEvent.OfTask> last = () -> attempt.endings().failed(failure, connected, soFar());
    if (attempt.endings().mayPass(failure, connected)) {
      windUp(last);
    } else if (lastWord == null) {
      end(last.get());
    }
  }

  @Override
  public void giveBack(String why, @Nullable Long notBefore) {
    windUp(() -> attempt.endings().givenBack(why, soFar(), notBefore));
  }

  /** Ends it when what came is durable, or cannot be made durable in time. */
  private void windUp(Supplier<FetchEvent.OfTask> last) {
    if (over || lastWord != null) {
      return;
    }
    lastWord = last;
    saveUntil = attempt.now() + SAVE_WITHIN_MILLIS;
    course.cut();
    Download kept = course.kept();
    Future<Void> saved = kept != null && kept.resumable() ? kept.save() : Future.succeededFuture();
    saved.onComplete(
        done -> end(last.get()),
        failure -> end(attempt.endings().failed(failure, course.connected(), soFar())));
  }

  @Override
  public void cut() {
    conclude(Optional.empty());
  }

  private void end(FetchEvent.OfTask event) {
    conclude(Optional.of(event));
  }

  private void conclude(Optional<FetchEvent.OfTask> event) {
    if (over) {
      return;
    }
    over = true;
    course.close();
    ended.complete(event);
  }

  @Override
  public void tick(long now) {
    if (over) {
      return;
    }
    if (lastWord != null) {
      if (now >= saveUntil) {
        end(lastWord.get());
      }
      return;
    }
    course.tick(now);
    NetworkError late = attempt.deadlines().passed(now);
    if (late != null) {
      fail(new FetchFailure(late));
    }
  }

  @Override
  public boolean stranded(long now) {
    return course.stranded(now);
  }

  @Override
  public long downloaded() {
    Download counted = counted();
    return counted == null ? 0 : counted.received();
  }

  @Override
  public long uploaded() {
    return course.uploaded();
  }

  @Override
  public long connectedMillis() {
    return attempt.deadlines().connectedMillis(attempt.now());
  }

  private @Nullable Download counted() {
    Download kept = course.kept();
    return kept == null ? course.shown() : kept;
  }

  private SoFar soFar() {
    Download counted = counted();
    Download kept = course.kept();
    Resume resume = kept == null ? null : kept.resume();
    return new SoFar(
        counted == null ? null : counted.head(),
        downloaded(),
        uploaded(),
        connectedMillis(),
        resume,
        resume != null && resume.stored().size() > attempt.storedBefore());
  }
}

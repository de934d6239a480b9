package io.bgfetch.worker.fetch;

import io.bgfetch.message.FetchJob.Resume;
import io.bgfetch.outgoing.NetworkError;
import io.bgfetch.url.WebUrl;
import io.bgfetch.worker.fetch.Deadlines.Phase;
import io.vertx.core.Future;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The requests of one attempt, one after the other, up to a whole response: the first one, those
 * that redirects lead to, those for the rest of a body. Each needs a place, permission, an address
 * and a connection. Belongs to the worker's context.
 */
final class Course implements Transfer.Owner {

  private static final Logger LOG = LoggerFactory.getLogger(Course.class);
  private static final int RECONNECTIONS = 3;
  private static final long PLACE_WITHIN_MILLIS = 60_000;
  private static final FetchFailure OVER =
      new FetchFailure(NetworkError.lasting("the fetch was cut"));

  private final Attempt attempt;
  private final Clearance clearance;
  private final Place place;
  private final Consumer<Throwable> storeFailed;
  private @Nullable Rehash rehash;
  private @Nullable Download begun;
  private @Nullable Transfer transfer;
  private long uploaded;
  private int reconnections;
  private boolean connected;
  private boolean secondConnection;
  private boolean further;
  private boolean over;
  private long placeAskedAt;

  /**
   * A course that has not begun.
   *
   * @param storeFailed hears when the blob store fails
   */
  Course(Attempt attempt, Clearance clearance, Place place, Consumer<Throwable> storeFailed) {
    this.attempt = attempt;
    this.clearance = clearance;
    this.place = place;
    this.storeFailed = storeFailed;
  }

  /** Goes all the way; called once. */
  Future<Answer.Complete> run() {
    return Future.<Void>succeededFuture()
        .compose(begin -> rehashed())
        .compose(ready -> hop(next()));
  }

  /** What earlier attempts stored and is gone counts for nothing; it may also be late only. */
  private Future<Void> rehashed() {
    Resume resume = attempt.resume();
    if (resume == null) {
      return Future.succeededFuture();
    }
    Download stored = Download.resumed(attempt, resume, storeFailed);
    begun = stored;
    if (stored.received() > attempt.job().bytesAllowed()) {
      return Future.failedFuture(new BodyTooLarge());
    }
    FetchMeans means = attempt.means();
    rehash = new Rehash(means.threads(), means.store(), resume.stored(), stored.digest());
    return rehash.run().recover(this::unreadable);
  }

  private Future<Void> unreadable(Throwable cause) {
    if (over) {
      return Future.failedFuture(OVER);
    }
    if (!SegmentsReader.gone(cause)) {
      return Future.failedFuture(new StoreFailure(cause));
    }
    LOG.atWarn()
        .addKeyValue("uid", attempt.task().uid())
        .addKeyValue("index", attempt.task().index())
        .addKeyValue("worker", attempt.means().worker())
        .setCause(cause)
        .log("what was stored of a body is gone; it is fetched from the start");
    begun = null;
    return Future.succeededFuture();
  }

  /** The record's own request: for the rest of the body, once there is a part of it. */
  private Hop next() {
    Hop first = Hop.first(attempt.job().request(), attempt.means().seal());
    return begun == null ? first : first.from(begun.received());
  }

  private Future<Answer.Complete> hop(Hop hop) {
    if (over) {
      return Future.failedFuture(OVER);
    }
    placeAskedAt = attempt.now();
    attempt.deadlines().enter(Phase.OURSELVES, placeAskedAt);
    return place
        .at(hop.url().authority())
        .compose(placed -> clearedEarly(hop))
        .compose(cleared -> addresses(hop.url()))
        .compose(addresses -> transfer(hop, addresses, 0))
        .compose(this::answered);
  }

  /**
   * A safe request asks before it bothers the origin with a connection. The others ask when they
   * have one: their one grant must not be lost to a connection that cannot be made.
   */
  private Future<Void> clearedEarly(Hop hop) {
    return attempt.job().request().safe() ? cleared(hop) : Future.succeededFuture();
  }

  @Override
  public Future<Void> cleared(Hop hop) {
    return further || hop.redirects() > 0
        ? clearance.furtherHop(hop.url().authority())
        : clearance.firstByte();
  }

  private Future<List<InetSocketAddress>> addresses(WebUrl url) {
    attempt.deadlines().enter(Phase.CONNECTION, attempt.now());
    return attempt.means().egress().resolve(url.host(), url.effectivePort());
  }

  private Future<Answer> transfer(Hop hop, List<InetSocketAddress> addresses, int at) {
    if (over) {
      return Future.failedFuture(OVER);
    }
    boolean fresh = secondConnection || !attempt.job().request().safe();
    long connectMillis = Math.max(1, attempt.deadlines().connectMillis() / (addresses.size() - at));
    Transfer next =
        new Transfer(attempt, this, hop, begun, addresses.get(at), fresh, connectMillis);
    transfer = next;
    return next.run().recover(failure -> again(hop, addresses, at, next, failure));
  }

  /** What is worth a further connection within this attempt, because no request was lost. */
  private Future<Answer> again(
      Hop hop, List<InetSocketAddress> addresses, int at, Transfer broken, Throwable failure) {
    connected |= broken.connected();
    boolean ours = failure instanceof StoreFailure || failure instanceof FetchFailure;
    if (over || ours) {
      return Future.failedFuture(failure);
    }
    if (!broken.connected() && at + 1 < addresses.size()) {
      return transfer(hop, addresses, at + 1);
    }
    if (broken.connected() && !broken.sent() && reconnections < RECONNECTIONS) {
      reconnections++;
      return transfer(hop, addresses, at);
    }
    if (broken.brokeUnanswered() && !secondConnection && attempt.endings().repeatable()) {
      secondConnection = true;
      return transfer(hop, addresses, at);
    }
    return Future.failedFuture(failure);
  }

  private Future<Answer.Complete> answered(Answer answer) {
    connected = true;
    return switch (answer) {
      case Answer.Moved moved -> hop(moved.hop());
      case Answer.Partial unrepeatable when !attempt.job().request().method().equals("GET") ->
          Future.failedFuture(new FetchFailure(NetworkError.lasting("only a part came")));
      case Answer.Partial partial -> {
        begun = partial.soFar();
        further = true;
        yield hop(next());
      }
      case Answer.Complete complete -> Future.succeededFuture(complete);
    };
  }

  @Override
  public void uploaded(long bytes) {
    uploaded += bytes;
  }

  @Override
  public void storeFailed(Throwable failure) {
    storeFailed.accept(failure);
  }

  /** Whether it has waited in vain for a place at a host that a redirect leads to. */
  boolean stranded(long now) {
    long most = attempt.deadlines().connectMillis() + PLACE_WITHIN_MILLIS;
    return !over && place.waiting() && now - placeAskedAt >= most;
  }

  void tick(long now) {
    if (transfer != null) {
      transfer.tick(now);
    }
  }

  /** Bytes of the request body that went out. */
  long uploaded() {
    return uploaded;
  }

  /** Whether a connection was made, and so a request may have reached the origin. */
  boolean connected() {
    return connected || (transfer != null && transfer.connected());
  }

  /** The response that this attempt leaves to the next one, should it not come to an end. */
  @Nullable Download kept() {
    return transfer == null ? begun : transfer.reception().kept();
  }

  /** The response that was coming last. */
  @Nullable Download shown() {
    return transfer == null ? begun : transfer.reception().shown();
  }

  /** Nothing more is sent or received; what came stays. */
  void cut() {
    over = true;
    if (rehash != null) {
      rehash.stop();
    }
    if (transfer != null) {
      transfer.cut(OVER);
    }
  }

  /** Lets go of everything. */
  void close() {
    cut();
    if (transfer != null) {
      transfer.reception().abandon();
    } else if (begun != null) {
      begun.abandon();
    }
    place.leave();
  }
}

package io.bgfetch.gateway.retention;

import io.bgfetch.lifecycle.Part;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Does a duty at intervals, one piece a round, whenever no other gateway is at it. Where there is
 * more to do the next round comes soon. A failure is logged when it begins, not again as long as it
 * lasts.
 */
final class DutyRounds implements Part {

  private static final Logger LOG = LoggerFactory.getLogger(DutyRounds.class);

  /** Between two pieces; others shall get at the database and the disk too. */
  private static final Duration SOON = Duration.ofMillis(50);

  private static final Duration RENEW = DutyLease.GOOD_FOR.dividedBy(3);
  private static final Duration PIECE_WITHIN = Duration.ofMinutes(10);
  private static final Duration STOP_WITHIN = Duration.ofSeconds(2);

  private final Vertx vertx;
  private final Duty duty;
  private final DutyLease lease;
  private final Duration every;
  private final Duration pieceWithin;
  private Future<Void> round = Future.succeededFuture();
  private Future<Boolean> piece = Future.succeededFuture(false);
  private long timer = -1;
  private boolean stopped;
  private boolean failing;

  DutyRounds(Vertx vertx, Duty duty, DutyLease lease, Duration every) {
    this(vertx, duty, lease, every, PIECE_WITHIN);
  }

  /**
   * Makes one.
   *
   * @param pieceWithin after which a piece counts as failed, and another gateway may take the duty;
   *     here nothing begins before it has ended
   */
  DutyRounds(Vertx vertx, Duty duty, DutyLease lease, Duration every, Duration pieceWithin) {
    this.vertx = vertx;
    this.duty = duty;
    this.lease = lease;
    this.every = every;
    this.pieceWithin = pieceWithin;
  }

  @Override
  public Future<Void> start() {
    arm(SOON);
    return Future.succeededFuture();
  }

  /** Waits a moment for the piece that is being done; what is left of it is done by others. */
  @Override
  public Future<Void> stop() {
    stopped = true;
    vertx.cancelTimer(timer);
    return round.timeout(STOP_WITHIN.toMillis(), TimeUnit.MILLISECONDS).otherwiseEmpty();
  }

  private void arm(Duration pause) {
    if (!stopped) {
      timer = vertx.setTimer(pause.toMillis(), fired -> begin());
    }
  }

  private void begin() {
    round =
        lease
            .take()
            .compose(ours -> ours ? work() : Future.succeededFuture(false))
            .onSuccess(more -> succeeded(more))
            .onFailure(this::failed)
            .mapEmpty();
  }

  private Future<Boolean> work() {
    long renewal = vertx.setPeriodic(RENEW.toMillis(), passed -> renew());
    piece = duty.run();
    return piece
        .timeout(pieceWithin.toMillis(), TimeUnit.MILLISECONDS)
        .onComplete(done -> vertx.cancelTimer(renewal))
        .compose(more -> more ? Future.succeededFuture(true) : lease.giveBack().map(false));
  }

  private void renew() {
    lease.take().onFailure(cause -> LOG.atDebug().setCause(cause).log("a lease was not renewed"));
  }

  private void succeeded(boolean more) {
    failing = false;
    arm(more ? SOON : every);
  }

  private void failed(Throwable cause) {
    if (!failing && !stopped) {
      LOG.atWarn()
          .addKeyValue("duty", duty.name())
          .setCause(cause)
          .log("a duty failed and is tried again later");
    }
    failing = true;
    piece.onComplete(ended -> arm(every));
  }
}

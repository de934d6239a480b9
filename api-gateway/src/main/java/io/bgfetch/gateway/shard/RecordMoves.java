package io.bgfetch.gateway.shard;

import io.bgfetch.fetch.FetchResult;
import io.bgfetch.message.ControlMessage;
import io.bgfetch.message.ControlMessage.Block;
import io.bgfetch.message.ControlMessage.Blocked;
import io.bgfetch.message.FetchEvent;
import io.bgfetch.message.FetchEvent.Asked;
import io.bgfetch.message.FetchEvent.Broke;
import io.bgfetch.message.FetchEvent.Progress;
import io.bgfetch.message.FetchEvent.Refused;
import io.bgfetch.message.FetchEvent.ResponseReady;
import io.bgfetch.message.FetchEvent.SegmentStored;
import io.bgfetch.message.FetchEvent.Settled;
import io.bgfetch.message.FetchEvent.Yielded;
import io.bgfetch.message.FetchJob;
import io.bgfetch.message.Task;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The moves of one record's life: what an event of its current task means. */
record RecordMoves(
    ActiveRegistration registration,
    InFlight record,
    Retries retries,
    Blocks blocks,
    Decision decision,
    long now) {

  void apply(FetchEvent.OfTask news) {
    switch (news) {
      case Asked asked -> answer(asked.task());
      case Refused refused -> {}
      case ResponseReady ready ->
          registration.become(record, record.state().answered(ready.response()));
      case SegmentStored stored -> store(stored);
      case Settled settled -> settle(settled);
      case Broke broke -> tryAgain(broke);
      case Yielded yielded -> {
        spend(yielded.uploaded(), yielded.connectedMillis());
        takeBack(idOf(yielded.task()), yielded.why(), yielded.kept(), backAt(yielded));
      }
    }
  }

  /** Its worker reports how far it is. */
  void count(Progress progress) {
    spend(progress.uploaded(), progress.connectedMillis());
    grow(progress.task(), record.state().counted(progress.downloaded()));
  }

  private void spend(long uploaded, long connectedMillis) {
    registration.become(record, record.state().spent(uploaded, connectedMillis));
  }

  private void store(SegmentStored stored) {
    if (stored.stored().size() > record.state().storedBytes()) {
      record.storedMore();
    }
    grow(stored.task(), record.state().stored(stored.response(), stored.stored()));
  }

  /** Bytes came that may be too many: then this record is the one that was too much. */
  private void grow(Task task, UnderWay next) {
    FetchResult overrun = overrunBy(next);
    registration.become(record, next);
    if (overrun != FetchResult.NONE) {
      endAsTooMuch(idOf(task), overrun);
    }
  }

  private FetchResult overrunBy(UnderWay next) {
    return registration.room().overrunBy(next.downloaded() - record.state().downloaded());
  }

  private void endAsTooMuch(RecordId id, FetchResult overrun) {
    registration.endAtOnce(overrun);
    end(Outcome.failed(id, overrun, tooMuch(overrun), record.state()));
  }

  /**
   * A paused registration grants nothing. A request that is not safe gets one grant ever, or with
   * {@code retry.unsafe} one an attempt, bound to its task; the same task asking again is answered
   * the same again. Who asks for a blocked host does not know of the block: it is told, and gives
   * the job back.
   */
  private void answer(Task task) {
    if (registration.state().paused()) {
      waitAs(idOf(task), record.state().waitingGivenBack(now, record.hasStoredMore()));
      decision.say(new ControlMessage.Drop(task));
      return;
    }
    long blocked = blocks.until(record.host);
    if (blocked > 0 && record.state().grant() == null) {
      decision.say(new Blocked(List.of(new Block(record.host, blocked))));
      return;
    }
    if (!record.request.safe()) {
      if (grantedToAnother(task)) {
        decision.say(new ControlMessage.Drop(task));
        return;
      }
      registration.become(record, record.state().granted(task));
    }
    decision.say(new ControlMessage.Granted(task, now));
  }

  private boolean grantedToAnother(Task task) {
    UnderWay.Grant grant = record.state().grant();
    if (grant == null || grant.isOf(task)) {
      return false;
    }
    return !registration.terms().retry().unsafe() || grant.attempt() >= task.attempt();
  }

  private void settle(Settled settled) {
    spend(settled.uploaded(), record.state().spent().connectedInThis());
    Outcome outcome = Outcome.of(settled, record.state().uploaded());
    FetchResult result = outcome.result();
    boolean overrun =
        result == FetchResult.DOWNLOAD_TOTAL_EXCEEDED || result == FetchResult.QUOTA_EXCEEDED;
    if (overrun && mayHaveMore(outcome)) {
      takeBack(idOf(settled.task()), "it may store more by now", record.state().resume(), now);
    } else if (overrun) {
      registration.endAtOnce(result);
      end(outcome);
    } else {
      end(withinLimits(outcome));
    }
  }

  /**
   * The worker stopped at what was left when the record was released. What others threw away since
   * is left too.
   */
  private boolean mayHaveMore(Outcome outcome) {
    long allowed = registration.room().allowance(record.state()).bytes();
    return allowed > record.allowed() && outcome.downloaded() <= allowed && !hasUnrepeatableGrant();
  }

  /** Success of all records means that their sum is within what there is room for. */
  private Outcome withinLimits(Outcome outcome) {
    FetchResult overrun =
        registration.room().overrunBy(outcome.downloaded() - record.state().downloaded());
    if (overrun == FetchResult.NONE) {
      return outcome;
    }
    registration.endAtOnce(overrun);
    return outcome.refusedAs(overrun, tooMuch(overrun));
  }

  private void tryAgain(Broke broke) {
    spend(broke.uploaded(), broke.connectedMillis());
    UnderWay state = record.state();
    int tries = state.waitingAfterFailure(now, broke.newBytes(), broke.kept()).tries();
    if (hasUnrepeatableGrant() || tries >= registration.terms().retry().limit()) {
      giveUp(broke);
    } else {
      long wait = retries.waitMillis(tries, broke.retryAfter());
      waitAs(
          idOf(broke.task()),
          state.waitingAfterFailure(now + wait, broke.newBytes(), broke.kept()));
    }
  }

  /** No further attempt: a status that would have been tried again is what the record ends as. */
  private void giveUp(Broke broke) {
    UnderWay state = record.state();
    end(
        broke.fallback() == null
            ? Outcome.failed(idOf(broke.task()), FetchResult.FETCH_ERROR, broke.error(), state)
            : withinLimits(Outcome.of(broke.fallback(), state.uploaded())));
  }

  /** A worker may know of a blocked host what the shard does not: where a redirect led to. */
  private long backAt(Yielded yielded) {
    long asked = Objects.requireNonNullElse(yielded.notBefore(), now);
    return Math.clamp(asked, now, now + retries.cap().toMillis());
  }

  private void takeBack(RecordId id, String why, FetchJob.@Nullable Resume kept, long at) {
    if (hasUnrepeatableGrant()) {
      String error = "given back after it may have been sent: " + why;
      end(Outcome.failed(id, FetchResult.FETCH_ERROR, error, record.state()));
    } else {
      boolean newBytes = record.hasStoredMore() || more(kept);
      waitAs(id, record.state().keeping(kept).waitingGivenBack(at, newBytes));
    }
  }

  private boolean more(FetchJob.@Nullable Resume kept) {
    return kept != null && kept.stored().size() > record.state().storedBytes();
  }

  /** Its worker is dead, or its job is nowhere. */
  void lose(RecordId id, int lostLimit) {
    UnderWay next = record.state().waitingAfterLoss(now, record.hasStoredMore());
    if (hasUnrepeatableGrant()) {
      String error = "its worker was lost after it may have been sent";
      end(Outcome.failed(id, FetchResult.FETCH_ERROR, error, record.state()));
    } else if (next.lost() >= lostLimit) {
      String error = "lost " + lostLimit + " workers";
      end(Outcome.failed(id, FetchResult.FETCH_ERROR, error, record.state()));
    } else {
      waitAs(id, next);
    }
  }

  private String tooMuch(FetchResult overrun) {
    return overrun == FetchResult.QUOTA_EXCEEDED
        ? "more bytes than the tenant's quota has room for"
        : "more bytes than the registration's downloadTotal of "
            + registration.state().downloadTotal();
  }

  private boolean hasUnrepeatableGrant() {
    return record.state().grant() != null && !registration.terms().retry().unsafe();
  }

  /**
   * Not before its host may be asked again, either. A worker's last word may be the first one of
   * bytes that are too many.
   */
  private void waitAs(RecordId id, UnderWay next) {
    FetchResult overrun = overrunBy(next);
    if (overrun != FetchResult.NONE) {
      registration.become(record, next);
      endAsTooMuch(id, overrun);
      return;
    }
    UnderWay waiting = next.notBefore(blocks.until(record.host));
    registration.become(record, waiting);
    decision.write(id, record.host, waiting);
    registration.land(id.index());
  }

  private void end(Outcome outcome) {
    registration.settle(outcome);
    decision.end(outcome, record.inTable());
  }

  private static RecordId idOf(Task task) {
    return new RecordId(task.uid(), task.index());
  }
}

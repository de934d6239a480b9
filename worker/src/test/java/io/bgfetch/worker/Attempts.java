package io.bgfetch.worker;

import static org.awaitility.Awaitility.await;

import io.bgfetch.message.FetchEvent.Broke;
import io.bgfetch.message.FetchEvent.OfTask;
import io.bgfetch.message.FetchEvent.ResponseReady;
import io.bgfetch.message.FetchEvent.SegmentStored;
import io.bgfetch.message.FetchEvent.Settled;
import io.bgfetch.message.FetchEvent.Yielded;
import io.bgfetch.message.FetchJob;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The attempts at one record, released one after the other as a shard would. */
final class Attempts {

  private static final int MOST = 10;

  private final KafkaSide kafka;
  private final Jobs job;
  private final List<OfTask> ends = new ArrayList<>();
  private FetchJob current;

  Attempts(KafkaSide kafka, Jobs job) {
    this.kafka = kafka;
    this.job = job;
  }

  /** What further attempts are made of. */
  Jobs job() {
    return job;
  }

  /** Performs it to its end, however many attempts that takes. */
  static Settled settled(KafkaSide kafka, Jobs job) {
    Attempts attempts = new Attempts(kafka, job);
    while (attempts.ends.size() < MOST) {
      if (attempts.perform() instanceof Settled settled) {
        return settled;
      }
    }
    throw new AssertionError("not settled: " + attempts.ends);
  }

  /** Performs one more and says how it ended. */
  OfTask perform() {
    release();
    return end();
  }

  /** Performs one more, which breaks. */
  Broke broke() {
    return (Broke) perform();
  }

  /** Releases one more. */
  FetchJob release() {
    if (current != null) {
      job.again(kept());
    }
    current = job.releasedAt(System.currentTimeMillis()).build();
    kafka.releaseAndGrant(current);
    return current;
  }

  /** Waits until the present one has ended. */
  OfTask end() {
    OfTask end =
        await()
            .atMost(Duration.ofSeconds(20))
            .pollInterval(Duration.ofMillis(10))
            .until(this::ended, found -> !found.isEmpty())
            .getFirst();
    ends.add(end);
    return end;
  }

  private List<OfTask> ended() {
    return said().stream()
        .filter(e -> e.task().attempt() == current.attempt())
        .filter(e -> e instanceof Settled || e instanceof Broke || e instanceof Yielded)
        .toList();
  }

  /** All news of the record so far. */
  List<OfTask> said() {
    return kafka.of(current);
  }

  /** What a shard that has heard all this hands to the next attempt. */
  FetchJob.Resume kept() {
    FetchJob.Resume kept = null;
    for (OfTask event : said()) {
      kept =
          switch (event) {
            case SegmentStored stored -> new FetchJob.Resume(stored.response(), stored.stored());
            case ResponseReady anew -> null;
            case Broke broke -> broke.kept();
            case Yielded back -> back.kept();
            default -> kept;
          };
    }
    return kept;
  }
}

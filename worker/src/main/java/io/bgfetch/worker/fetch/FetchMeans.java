package io.bgfetch.worker.fetch;

import io.bgfetch.blob.BlobStore;
import io.bgfetch.egress.EgressGuard;
import io.bgfetch.fetch.Timeouts;
import io.bgfetch.message.FetchJob;
import io.bgfetch.message.Task;
import io.bgfetch.seal.HeaderSeal;
import io.bgfetch.worker.coding.DecoderMemory;
import io.bgfetch.worker.lane.Detours;
import io.bgfetch.worker.report.News;
import io.vertx.core.Future;
import java.time.InstantSource;

/**
 * What the fetches of one worker share.
 *
 * @param worker its name in events
 * @param egress where they may go
 * @param seal opens the secret headers of their requests
 * @param detours places at hosts that redirects lead to
 * @param store where bodies go
 * @param budget memory for bytes on the way to the store
 * @param decoders memory for undoing the content codings of bodies
 * @param userAgent for requests that have none of their own
 * @param timeouts the most that a registration may ask for
 */
public record FetchMeans(
    String worker,
    EgressGuard egress,
    HeaderSeal seal,
    OriginClient client,
    Detours detours,
    BlobStore store,
    BlobThreads threads,
    WriteBudget budget,
    DecoderMemory decoders,
    Traffic traffic,
    News news,
    String userAgent,
    Timeouts timeouts,
    InstantSource clock)
    implements Fetches {

  @Override
  public RunningFetch begin(FetchJob job, Task task, Clearance clearance, OriginSigns signs) {
    return new Fetch(Attempt.of(this, job, task, signs), clearance);
  }

  @Override
  public Future<Void> probeStore() {
    return threads.run(new StoreProbe(store, "probe/" + worker));
  }
}

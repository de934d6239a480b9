package io.bgfetch.worker;

import io.bgfetch.blob.StoredBody;
import io.bgfetch.fetch.FetchRequest;
import io.bgfetch.fetch.FetchResult;
import io.bgfetch.fetch.RedirectMode;
import io.bgfetch.fetch.RetryPolicy;
import io.bgfetch.fetch.Timeouts;
import io.bgfetch.lane.LaneLayout;
import io.bgfetch.message.FetchJob;
import io.bgfetch.url.WebUrl;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.UUID;

/** A job for a test: what it does not name is as a plain GET has it. */
final class Jobs {

  private FetchRequest request;
  private UUID uid = UUID.randomUUID();
  private int index;
  private int lane;
  private long version = 1;
  private long releasedAt = System.currentTimeMillis();
  private RetryPolicy retry = RetryPolicy.DEFAULT;
  private Timeouts timeouts = Timeouts.DEFAULT;
  private long bytesAllowed = Long.MAX_VALUE;
  private FetchResult overrun = FetchResult.DOWNLOAD_TOTAL_EXCEEDED;
  private int attempt = 1;
  private long connectedMillis;
  private FetchJob.Resume resume;

  private Jobs(FetchRequest request) {
    this.request = request;
  }

  static Jobs get(String url) {
    return new Jobs(FetchRequest.get(url));
  }

  static Jobs post(String url, String body) {
    return new Jobs(
        new FetchRequest(
            url,
            "POST",
            Map.of("content-type", "text/plain"),
            Map.of(),
            new StoredBody.Inline(body.getBytes(StandardCharsets.UTF_8)),
            RedirectMode.FOLLOW,
            null));
  }

  static Jobs of(FetchRequest request) {
    return new Jobs(request);
  }

  Jobs uid(UUID registration) {
    uid = registration;
    return this;
  }

  Jobs index(int record) {
    index = record;
    return this;
  }

  Jobs lane(int k) {
    lane = k;
    return this;
  }

  Jobs version(long ofRegistration) {
    version = ofRegistration;
    return this;
  }

  Jobs releasedAt(long at) {
    releasedAt = at;
    return this;
  }

  Jobs retry(RetryPolicy policy) {
    retry = policy;
    return this;
  }

  Jobs timeouts(Timeouts deadlines) {
    timeouts = deadlines;
    return this;
  }

  Jobs bytesAllowed(long bytes) {
    bytesAllowed = bytes;
    return this;
  }

  Jobs overrun(FetchResult result) {
    overrun = result;
    return this;
  }

  Jobs connectedMillis(long before) {
    connectedMillis = before;
    return this;
  }

  /** The next attempt after one that ended, going on from what is kept, if anything. */
  Jobs again(FetchJob.Resume kept) {
    attempt++;
    resume = kept;
    return this;
  }

  FetchJob build() {
    return new FetchJob(
        uid,
        index,
        attempt,
        Math.floorMod(uid.hashCode(), KafkaSide.SHARDS),
        "default",
        LaneLayout.laneName(WebUrl.parse(request.url()).authority(), lane),
        version,
        releasedAt,
        request,
        retry,
        timeouts,
        bytesAllowed,
        overrun,
        connectedMillis,
        resume);
  }
}

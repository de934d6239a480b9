package io.bgfetch.worker.task;

import io.bgfetch.fetch.FetchRequest;
import io.bgfetch.fetch.FetchResult;
import io.bgfetch.fetch.RetryPolicy;
import io.bgfetch.fetch.Timeouts;
import io.bgfetch.message.FetchJob;
import java.util.UUID;

/** Jobs for tests of what is decided about them. */
final class TestJobs {

  static final int SHARD = 1;

  private TestJobs() {}

  static FetchJob get(UUID uid, long version) {
    return job(uid, 0, version, 0, FetchRequest.get("http://a.example/"));
  }

  static FetchJob job(UUID uid, int index, long version, long releasedAt, FetchRequest request) {
    return job(uid, index, version, releasedAt, request, null);
  }

  static FetchJob job(
      UUID uid,
      int index,
      long version,
      long releasedAt,
      FetchRequest request,
      FetchJob.Resume resume) {
    return new FetchJob(
        uid,
        index,
        1,
        SHARD,
        "default",
        "a.example:80#0",
        version,
        releasedAt,
        request,
        RetryPolicy.DEFAULT,
        Timeouts.DEFAULT,
        Long.MAX_VALUE,
        FetchResult.DOWNLOAD_TOTAL_EXCEEDED,
        0,
        resume);
  }
}

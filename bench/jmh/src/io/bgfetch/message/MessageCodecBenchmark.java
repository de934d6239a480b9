package io.bgfetch.message;

import io.bgfetch.blob.StoredBody;
import io.bgfetch.fetch.FetchRequest;
import io.bgfetch.fetch.FetchResult;
import io.bgfetch.fetch.RecordResponse;
import io.bgfetch.fetch.RetryPolicy;
import io.bgfetch.fetch.Timeouts;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** A job, and the event that settles it with its body, as bytes and back. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class MessageCodecBenchmark {

  /** Of the body, in bytes. */
  @Param({"1024", "16384"})
  int size;

  private final MessageCodec codec = new MessageCodec();
  private FetchJob job;
  private FetchEvent event;
  private byte[] jobBytes;
  private EventMessage eventMessage;

  @Setup
  public void make() {
    String url = "http://origin.example:8080/some/path/12345";
    job =
        new FetchJob(
            new UUID(1, 2),
            12_345,
            1,
            7,
            "default",
            "origin.example:8080#3",
            1_795_368_139_161L,
            1_795_368_139_161L,
            FetchRequest.get(url),
            RetryPolicy.DEFAULT,
            Timeouts.DEFAULT,
            Long.MAX_VALUE,
            FetchResult.DOWNLOAD_TOTAL_EXCEEDED,
            0,
            null);
    byte[] body = new byte[size];
    new Random(1).nextBytes(body);
    event =
        new FetchEvent.Settled(
            "worker-1",
            job.task("0123456789abcdef"),
            FetchResult.SUCCESS,
            null,
            new RecordResponse(
                url,
                false,
                200,
                "OK",
                Map.of(
                    "content-type", "application/octet-stream",
                    "content-length", Integer.toString(size),
                    "etag", "\"6744f0a1-400\"",
                    "last-modified", "Mon, 23 Nov 2026 05:49:21 GMT")),
            new StoredBody.Inline(body),
            "z8d0m5b2O9McPEK1xHG/dWgUBT6EfBDz6wA0F7xSPTA=",
            size,
            0);
    jobBytes = codec.encode(job);
    eventMessage = codec.message(event);
  }

  @Benchmark
  public byte[] encodeJob() {
    return codec.encode(job);
  }

  @Benchmark
  public FetchJob decodeJob() {
    return codec.job(jobBytes);
  }

  @Benchmark
  public EventMessage encodeSettled() {
    return codec.message(event);
  }

  @Benchmark
  public FetchEvent decodeSettled() {
    return codec.event(eventMessage);
  }
}

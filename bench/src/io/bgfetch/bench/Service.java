package io.bgfetch.bench;

import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.IntStream;

/** bgfetch as one of the programs that fetch bodies. */
final class Service implements Program {

  private static final int SAMPLE = 20;

  /** Bodies up to here are in Postgres, larger ones in the blob store. */
  private static final long IN_POSTGRES = 16 << 10;

  private final Cluster cluster;

  Service(Cluster cluster) {
    this.cluster = cluster;
  }

  @Override
  public String name() {
    return "bgfetch";
  }

  @Override
  public String how() {
    return cluster.how();
  }

  @Override
  public Run fetch(Bodies bodies) throws Failure, InterruptedException {
    Cluster.Ended ended = cluster.run(bodies.urls());
    try {
      verify(cluster.api(), ended.uid(), bodies);
      if (bodies.size() > IN_POSTGRES) {
        cluster.delete(ended.uid());
      } // else its rows would be deleted beside whatever is measured next
    } catch (IOException e) {
      throw new Failure(e.toString(), e);
    }
    return ended.run();
  }

  /**
   * Compares sizes and digests of all records with what the origin has, and reads some of the
   * bodies back.
   */
  static void verify(Api api, String uid, Bodies bodies) throws Failure, InterruptedException {
    Map<Integer, Map<String, Object>> records = new HashMap<>();
    api.eachRecord(uid, record -> records.put(number(record, "index").intValue(), record));
    int[] wrong =
        IntStream.range(0, bodies.count())
            .filter(i -> !isRight(records.get(i), bodies, i))
            .toArray();
    if (wrong.length > 0 || records.size() != bodies.count()) {
      throw new Failure(
          wrong.length
              + " of "
              + bodies.count()
              + " records are missing or wrong: first "
              + Arrays.toString(Arrays.copyOf(wrong, Math.min(wrong.length, 3))));
    }
    int step = Math.max(1, bodies.count() / SAMPLE);
    for (int i = 0; i < bodies.count(); i += step) {
      if (!bodies.isDigest(i, api.bodyDigest(uid, i))) {
        throw new Failure("body " + i + " is not the origin's");
      }
    }
  }

  private static boolean isRight(Map<String, Object> record, Bodies bodies, int index) {
    if (record == null || !record.get("result").equals("success")) {
      return false;
    }
    Map<String, Object> request = Json.object(record.get("request"));
    Map<String, Object> response = Json.object(record.get("response"));
    return request.get("url").equals(bodies.url(index))
        && number(response, "bodySize").longValue() == bodies.size()
        && bodies.digestField(index).equals(response.get("digest"));
  }

  private static Number number(Map<String, Object> of, String name) {
    return (Number) of.get(name);
  }
}

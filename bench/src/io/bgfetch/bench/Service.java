package io.bgfetch.bench;

import java.io.IOException;
import java.util.BitSet;
import java.util.Map;

/** bgfetch as one of the programs that fetch bodies. */
final class Service implements Program {

  /** Bodies that are read back at once. */
  private static final int CLIENTS = 16;

  /** Of a longer registration, some bodies are read back. */
  private static final int MOST_TO_READ = 20_000;

  private static final int SOME = 20;

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
      if (bodies.areLarge()) {
        cluster.delete(ended.uid(), bodies.bytes());
      } // else they would be deleted beside whatever is measured next
    } catch (IOException e) {
      throw new Failure(e.toString(), e);
    }
    return ended.run();
  }

  /** Compares what the records say, and the bodies as they come over HTTP, with the origin's. */
  static void verify(Api api, String uid, Bodies bodies) throws Failure, InterruptedException {
    verifyRecords(api, uid, bodies);
    int step = bodies.count() <= MOST_TO_READ ? 1 : bodies.count() / SOME;
    Clients.each(CLIENTS, bodies.count() / step, i -> verifyBody(api, uid, bodies, i * step));
  }

  /** Compares sizes and digests that the records name. */
  static void verifyRecords(Api api, String uid, Bodies bodies)
      throws Failure, InterruptedException {
    BitSet right = new BitSet(bodies.count());
    api.eachRecord(
        uid,
        record -> {
          int index = number(record, "index").intValue();
          right.set(index, isRight(record, bodies, index));
        });
    int wrong = bodies.count() - right.cardinality();
    if (wrong > 0) {
      throw new Failure(
          wrong
              + " of "
              + bodies.count()
              + " records are missing or wrong, the first is "
              + right.nextClearBit(0));
    }
  }

  static void verifyBody(Api api, String uid, Bodies bodies, int index)
      throws Failure, InterruptedException {
    if (!bodies.isDigest(index, api.bodyDigest(uid, index))) {
      throw new Failure("body " + index + " is not the origin's");
    }
  }

  private static boolean isRight(Map<String, Object> record, Bodies bodies, int index) {
    if (index >= bodies.count() || !record.get("result").equals("success")) {
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

package io.bgfetch.bench;

import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;

/** How cost grows with the length of a registration; the longest is what (h) asks about. */
final class Growth implements Case {

  private static final List<Integer> SIZES = List.of(10_000, 100_000, 1_000_000);
  private static final int FILES = 20_000;
  private static final int MATCHES = 2_000;
  private static final int GETS = 10_000;
  private static final int WARM_UP = 500;
  private static final int ABORTS = 3;
  private static final String MILLIS = "ms";

  @Override
  public String id() {
    return "h";
  }

  @Override
  public String title(Bench bench) {
    return String.format(
        Locale.ROOT, "growth to %,d records, with match and GET", bench.count(SIZES.getLast()));
  }

  /** What was measured at one size. */
  private record AtSize(
      int records,
      Measurement fetches,
      Measurement bytes,
      Quantiles match,
      Quantiles get,
      Measurement abort,
      Measurement deletion) {

    AtSize(int records) {
      this(
          records,
          new Measurement("bgfetch", how(records, "fetched"), "fetches/s"),
          new Measurement("bgfetch", how(records, "in Postgres"), "bytes/record"),
          new Quantiles(how(records, "match"), MILLIS),
          new Quantiles(how(records, "GET"), MILLIS),
          new Measurement("bgfetch", how(records, "abort"), MILLIS),
          new Measurement("bgfetch", how(records, "DELETE"), MILLIS));
    }

    private static String how(int records, String what) {
      return String.format(Locale.ROOT, "%s, %,d records", what, records);
    }

    List<Measurement> rows() {
      List<Measurement> rows = new ArrayList<>(List.of(fetches, bytes));
      rows.addAll(match.rows());
      rows.addAll(get.rows());
      rows.addAll(List.of(abort, deletion));
      return rows;
    }
  }

  @Override
  public void measure(Bench bench, Result result) throws Exception {
    bench.closeClusters();
    Cluster cluster = bench.startUp("up", Map.of());
    bench.warmUp(cluster);
    result.notes().add(bench.warmth(cluster));
    List<AtSize> all = new ArrayList<>();
    for (int size : SIZES) {
      AtSize at = new AtSize(bench.count(size));
      all.add(at);
      result.rows().addAll(at.rows());
      measure(bench, cluster, at);
    }
    check(all, result);
    result
        .notes()
        .add(
            "One run of each size, in this order, in one cluster. match is by URL, of any record;"
                + " the registration is fetched and verified. Aborted are registrations at an"
                + " origin that answers late, right after their 201. Times are those of the calls;"
                + " what is deleted goes off the disk later. Postgres's bytes are those of its"
                + " tables and indexes, bodies of 1 KiB included, without its log.");
    bench.close(cluster);
  }

  private static void measure(Bench bench, Cluster cluster, AtSize at) throws Exception {
    Bodies bodies = bench.origin().bodies(bench.count(FILES), Bench.SMALL).times(at.records);
    bench.settle();
    long before = cluster.tableBytes();
    Path file = Api.linesFile(bench.directory().resolve("lines"), cluster.nextId(), bodies.urls());
    Cluster.Ended ended = cluster.run(BodyPublishers.ofFile(file));
    at.fetches.add(at.records, ended.run());
    at.bytes.values().add((cluster.tableBytes() - before) / (double) at.records);
    bench.say(
        "%,d records: %.1f s = %s fetches/s, %s bytes/record in Postgres",
        at.records,
        ended.run().seconds(),
        Figures.number(at.fetches.median()),
        Figures.number(at.bytes.median()));
    Service.verify(cluster.api(), ended.uid(), bodies);
    bench.settle();
    matches(bench, cluster.api(), ended.uid(), bodies, at);
    gets(bench, cluster.api(), ended.uid(), at);
    abortsAndDeletions(bench, cluster, at);
    at.deletion.values().add(millis(() -> cluster.api().delete(ended.uid())));
    Files.delete(file);
  }

  private static void matches(Bench bench, Api api, String uid, Bodies bodies, AtSize at)
      throws Exception {
    SplittableRandom random = new SplittableRandom(at.records);
    List<Double> millis = new ArrayList<>();
    for (int i = 0; i < WARM_UP + bench.count(MATCHES); i++) {
      int index = random.nextInt(bodies.count());
      String[] answer = new String[1];
      double took = millis(() -> answer[0] = api.match(uid, bodies.url(index)));
      if (!answer[0].startsWith("{\"record\":{\"index\":" + index + ",")) {
        throw new Failure("match of " + bodies.url(index) + " gave " + answer[0]);
      }
      if (i >= WARM_UP) {
        millis.add(took);
      }
    }
    at.match.add(bench, AtSize.how(at.records, "match"), millis);
  }

  private static void gets(Bench bench, Api api, String uid, AtSize at) throws Exception {
    List<Double> millis = new ArrayList<>();
    for (int i = 0; i < bench.count(GETS); i++) {
      millis.add(millis(() -> api.registration(uid)));
    }
    at.get.add(bench, AtSize.how(at.records, "GET"), millis);
  }

  private static void abortsAndDeletions(Bench bench, Cluster cluster, AtSize at) throws Exception {
    Bodies late = bench.origin().slow(bench.count(FILES), Bench.SMALL).times(at.records);
    for (int i = 0; i < ABORTS; i++) {
      Path file = Api.linesFile(bench.directory().resolve("late"), cluster.nextId(), late.urls());
      String uid = cluster.api().registerLines(BodyPublishers.ofFile(file));
      Files.delete(file);
      boolean[] active = new boolean[1];
      at.abort.values().add(millis(() -> active[0] = cluster.api().abort(uid)));
      if (!active[0]) {
        throw new Failure("a registration at a slow origin ended before it could be aborted");
      }
      at.deletion.values().add(millis(() -> cluster.api().delete(uid)));
    }
    bench.say(
        "%,d records: abort %s ms, DELETE %s ms",
        at.records, Figures.spread(at.abort.values()), Figures.spread(at.deletion.values()));
  }

  private interface Call {
    void call() throws Failure, InterruptedException;
  }

  private static double millis(Call call) throws Failure, InterruptedException {
    long begun = System.nanoTime();
    call.call();
    return (System.nanoTime() - begun) / 1e6;
  }

  private static void check(List<AtSize> all, Result result) {
    AtSize least = all.getFirst();
    AtSize most = all.getLast();
    String size = String.format(Locale.ROOT, "%,d records", most.records);
    result.checks().add(Check.below("match, p99, " + size, 10, most.match.p99().median(), " ms"));
    result.checks().add(Check.below("GET, p99, " + size, 10, most.get.p99().median(), " ms"));
    String beside = String.format(Locale.ROOT, " beside %,d", least.records);
    double speed = most.fetches.median() / least.fetches.median();
    result.checks().add(Check.atLeast("fetches/s, " + size + beside, 0.9, speed, ""));
    double bytes = most.bytes.median() / least.bytes.median();
    result.checks().add(Check.below("bytes/record, " + size + beside, 1.1, bytes, ""));
    flat(result, "match, p50, " + size + beside, least.match.p50(), most.match.p50());
    flat(result, "GET, p50, " + size + beside, least.get.p50(), most.get.p50());
    flat(result, "abort, " + size + beside, least.abort, most.abort);
    flat(result, "DELETE, " + size + beside, least.deletion, most.deletion);
  }

  /** A hundred times the records may not take more than some milliseconds more. */
  private static void flat(Result result, String what, Measurement least, Measurement most) {
    double more = most.median() - least.median();
    result.checks().add(Check.below(what + ", more time", 5, more, " ms"));
  }
}

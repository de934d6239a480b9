package io.bgfetch.gateway.shard;

import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class FairnessTest {
  static final TimedHost FAST = TimedHost.taking("fast", 1);
  static final TimedHost OTHER = TimedHost.taking("other", 1);
  static final TimedHost MID = TimedHost.taking("mid", 50);
  static final TimedHost SLOW = TimedHost.taking("slow", 1000);
  static final TimedHost VERY = TimedHost.taking("very", 10000);
  static final TimedHost DEAD = TimedHost.dead("dead");

  static double[] newcomers(
      long seed,
      int workers,
      Consumer<TimedCluster> load,
      int n,
      String tenant,
      TimedHost... hosts) {
    TimedCluster c = new TimedCluster(seed, workers);
    c.time.runUntil(1);
    load.accept(c);
    double t = 4;
    double worst = 0, sum = 0;
    for (int i = 0; i < n; i++) {
      t += 0.3 + c.random.nextDouble();
      c.time.runUntil(t);
      TimedRegistration r = c.register(tenant, 10, hosts);
      double limit = t + 100;
      while (r.active() && t < limit) {
        t += 0.02;
        c.time.runUntil(t);
      }
      worst = Math.max(worst, r.took());
      sum += r.took();
    }
    return new double[] {sum / n, worst};
  }

  static void newcomer(
      String name, int workers, Consumer<TimedCluster> load, String tenant, TimedHost... hosts) {
    double idle = newcomers(1, workers, c -> {}, 5, tenant, hosts)[0];
    double[] busy = newcomers(2, workers, load, 8, tenant, hosts);
    System.out.printf(
        "%-50s w=%d idle %.2f busy mean %.2f worst %.2f %s%n",
        name, workers, idle, busy[0], busy[1], busy[1] <= 2 * idle + 1 ? "" : "FAIL");
  }

  @Test
  void newcomers() {
    for (int w : new int[] {1, 3}) {
      for (TimedHost h : List.of(FAST, MID, SLOW)) {
        for (String tenant : List.of("big", "small")) {
          newcomer(
              "big 1 at " + h.name() + " newcomer same host, tenant " + tenant,
              w,
              c -> c.register("big", 100_000, h),
              tenant,
              h);
          newcomer(
              "big 1 at " + h.name() + " newcomer other host, tenant " + tenant,
              w,
              c -> c.register("big", 100_000, h),
              tenant,
              OTHER);
          newcomer(
              "big 16 at " + h.name() + " newcomer same host, tenant " + tenant,
              w,
              c -> {
                for (int i = 0; i < 16; i++) c.register(i, "big", 100_000, h);
              },
              tenant,
              h);
          newcomer(
              "big 16 at " + h.name() + " newcomer other host, tenant " + tenant,
              w,
              c -> {
                for (int i = 0; i < 16; i++) c.register(i, "big", 100_000, h);
              },
              tenant,
              OTHER);
        }
      }
      TimedHost[] many = new TimedHost[20];
      for (int i = 0; i < 20; i++) many[i] = TimedHost.taking("s" + i, 1000);
      newcomer(
          "big 1 at 20 slow, newcomer fast",
          w,
          c -> c.register("big", 100_000, many),
          "big",
          OTHER);
      newcomer(
          "big 16 at 20 slow, newcomer fast",
          w,
          c -> {
            for (int i = 0; i < 16; i++) c.register(i, "big", 100_000, many);
          },
          "big",
          OTHER);
      TimedHost[] deads = new TimedHost[20];
      for (int i = 0; i < 20; i++) deads[i] = TimedHost.dead("d" + i);
      newcomer(
          "big 16 at 20 dead, newcomer fast",
          w,
          c -> {
            for (int i = 0; i < 16; i++) c.register(i, "big", 100_000, deads);
          },
          "big",
          OTHER);
    }
  }

  static int[] ended(
      int workers, Consumer<TimedCluster> load, int from, int to, TimedHost... hosts) {
    TimedCluster c = new TimedCluster(3, workers);
    c.time.runUntil(1);
    load.accept(c);
    c.time.runUntil(from);
    int before = 0;
    for (TimedHost h : hosts) before += c.endedOf(h);
    c.time.runUntil(to);
    int after = 0;
    for (TimedHost h : hosts) after += c.endedOf(h);
    return new int[] {before, after - before};
  }

  static void dead(
      String name,
      int w,
      Consumer<TimedCluster> others,
      Consumer<TimedCluster> dead,
      TimedHost... hosts) {
    int[] without = ended(w, others, 6, 26, hosts);
    int[] with = ended(w, dead, 6, 26, hosts);
    System.out.printf(
        "%-50s w=%d first 5 s %d -> %d, then %d/s -> %d/s %.1f%%%n",
        name,
        w,
        without[0],
        with[0],
        without[1] / 20,
        with[1] / 20,
        100.0 * with[1] / without[1] - 100);
  }

  @Test
  void deads() {
    for (int w : new int[] {1, 3}) {
      for (TimedHost h : List.of(FAST, MID, SLOW)) {
        Consumer<TimedCluster> one = c -> c.register(0, "a", 100_000, h);
        Consumer<TimedCluster> eight =
            c -> {
              for (int i = 0; i < 8; i++) c.register(i, "a", 100_000, h);
            };
        dead(
            "1 at " + h.name() + ", 1 dead same shard",
            w,
            one,
            one.andThen(c -> c.register(0, "b", 100_000, DEAD)),
            h);
        dead(
            "1 at " + h.name() + ", 1 dead same shard, tenant",
            w,
            one,
            one.andThen(c -> c.register(0, "a", 100_000, DEAD)),
            h);
        dead(
            "1 at " + h.name() + ", 1 dead other shard",
            w,
            one,
            one.andThen(c -> c.register(1, "b", 100_000, DEAD)),
            h);
        dead(
            "1 at " + h.name() + ", 16 dead",
            w,
            one,
            one.andThen(
                c -> {
                  for (int i = 0; i < 16; i++) c.register(i, "b", 100_000, DEAD);
                }),
            h);
        dead(
            "8 at " + h.name() + ", 16 dead",
            w,
            eight,
            eight.andThen(
                c -> {
                  for (int i = 0; i < 16; i++) c.register(i, "b", 100_000, DEAD);
                }),
            h);
        dead(
            "1 at " + h.name() + ", dead mixed 1:10",
            w,
            one,
            c -> c.register(0, "a", 100_000, h, h, h, h, h, h, h, h, h, DEAD),
            h);
        dead(
            "1 at " + h.name() + ", dead mixed 1:1",
            w,
            one,
            c -> c.register(0, "a", 100_000, h, DEAD),
            h);
        dead(
            "8 at " + h.name() + ", dead mixed 1:10",
            w,
            eight,
            c -> {
              for (int i = 0; i < 8; i++)
                c.register(i, "a", 100_000, h, h, h, h, h, h, h, h, h, DEAD);
            },
            h);
      }
      TimedHost[] many = new TimedHost[20];
      for (int i = 0; i < 20; i++) many[i] = TimedHost.taking("s" + i, 200);
      TimedHost[] deads = new TimedHost[20];
      for (int i = 0; i < 20; i++) deads[i] = TimedHost.dead("d" + i);
      Consumer<TimedCluster> four =
          c -> {
            for (int i = 0; i < 16; i += 4) c.register(i, "a", 100_000, many);
          };
      dead(
          "4 at 20 hosts of 200 ms, 1 dead",
          w,
          four,
          four.andThen(c -> c.register(0, "b", 100_000, DEAD)),
          many);
      dead(
          "4 at 20 hosts of 200 ms, 16 dead",
          w,
          four,
          four.andThen(
              c -> {
                for (int i = 0; i < 16; i++) c.register(i, "b", 100_000, DEAD);
              }),
          many);
      dead(
          "4 at 20 hosts of 200 ms, 16 of 20 dead",
          w,
          four,
          four.andThen(
              c -> {
                for (int i = 0; i < 16; i++) c.register(i, "b", 100_000, deads);
              }),
          many);
    }
  }

  @Test
  void tenants() {
    for (int w : new int[] {1, 3}) {
      for (TimedHost h : List.of(FAST, MID, SLOW)) {
        for (TimedHost h2 : List.of(h, OTHER)) {
          TimedCluster c = new TimedCluster(3, w);
          c.time.runUntil(1);
          for (int i = 0; i < 50; i++) c.register("many", 20_000, h);
          c.register("one", 100_000, h2);
          c.time.runUntil(6);
          int a = c.endedOf("many"), b = c.endedOf("one");
          c.time.runUntil(16);
          a = c.endedOf("many") - a;
          b = c.endedOf("one") - b;
          System.out.printf(
              "tenants w=%d %s/%s: many %d/s one %d/s queued %d%n",
              w, h.name(), h2.name(), a / 10, b / 10, c.queued());
        }
      }
    }
  }

  @Test
  void numbers() {
    for (int workers : new int[] {1, 4}) {
      for (int ms : new int[] {1, 10, 100, 1000}) {
        long t0 = System.nanoTime();
        TimedCluster c = new TimedCluster(1, workers);
        TimedHost h = TimedHost.taking("a", ms);
        c.time.runUntil(1);
        TimedRegistration r = c.register("big", 100_000, h);
        c.time.runUntil(11);
        int e1 = c.endedOf("big");
        c.time.runUntil(21);
        int e2 = c.endedOf("big");
        System.out.println(
            workers
                + " workers, "
                + ms
                + " ms: "
                + (e2 - e1) / 10
                + "/s queued "
                + c.queued()
                + " in "
                + (System.nanoTime() - t0) / 1000000
                + " ms");
      }
    }
  }
}

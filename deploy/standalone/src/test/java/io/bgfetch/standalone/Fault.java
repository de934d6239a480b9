package io.bgfetch.standalone;

import java.util.random.RandomGenerator;

/** What can happen to a cluster. Each strikes, lasts some time, and is then made good. */
enum Fault {
  /** SIGKILL; another one is started in its place. */
  WORKER_KILLED(0, 1) {
    @Override
    Remedy strike(ProcessCluster cluster, RandomGenerator random) throws Exception {
      return kill(cluster.workers(), random);
    }
  },
  GATEWAY_KILLED(0, 1) {
    @Override
    Remedy strike(ProcessCluster cluster, RandomGenerator random) throws Exception {
      return kill(cluster.gateways(), random);
    }
  },
  /** SIGSTOP, until it is declared dead and some time longer; then it goes on as a zombie. */
  WORKER_HALTED(12, 15) {
    @Override
    Remedy strike(ProcessCluster cluster, RandomGenerator random) throws Exception {
      return halt(cluster.workers(), random);
    }
  },
  GATEWAY_HALTED(12, 15) {
    @Override
    Remedy strike(ProcessCluster cluster, RandomGenerator random) throws Exception {
      return halt(cluster.gateways(), random);
    }
  },
  /** SIGSTOP for less than it takes to be declared dead. */
  WORKER_SLOW(1, 8) {
    @Override
    Remedy strike(ProcessCluster cluster, RandomGenerator random) throws Exception {
      return halt(cluster.workers(), random);
    }
  },
  GATEWAY_SLOW(1, 8) {
    @Override
    Remedy strike(ProcessCluster cluster, RandomGenerator random) throws Exception {
      return halt(cluster.gateways(), random);
    }
  },
  KAFKA_KILLED(0, 3) {
    @Override
    Remedy strike(ProcessCluster cluster, RandomGenerator random) throws Exception {
      cluster.kafka().kill();
      return cluster.kafka()::restart;
    }
  },
  POSTGRES_KILLED(0, 3) {
    @Override
    Remedy strike(ProcessCluster cluster, RandomGenerator random) throws Exception {
      cluster.postgres().kill();
      return cluster.postgres()::restart;
    }
  },
  STORE_FULL(2, 6) {
    @Override
    Remedy strike(ProcessCluster cluster, RandomGenerator random) throws Exception {
      cluster.blobs().fill(cluster.workers().members());
      return () -> cluster.blobs().free(cluster.workers().members());
    }
  };

  private static final int MILLIS = 1_000;

  private final int leastSeconds;
  private final int mostSeconds;

  Fault(int leastSeconds, int mostSeconds) {
    this.leastSeconds = leastSeconds;
    this.mostSeconds = mostSeconds;
  }

  /** Makes it good again. */
  @FunctionalInterface
  interface Remedy {
    void apply() throws Exception;
  }

  /** Strikes, and says how it is made good. */
  abstract Remedy strike(ProcessCluster cluster, RandomGenerator random) throws Exception;

  /** How long it lasts, in milliseconds. */
  int lasting(RandomGenerator random) {
    return random.nextInt(MILLIS * leastSeconds, MILLIS * mostSeconds);
  }

  private static Remedy kill(Crew crew, RandomGenerator random) throws Exception {
    BgfetchProcess victim = crew.any(random).orElse(null);
    if (victim == null) {
      return () -> {};
    }
    victim.kill();
    return () -> crew.replace(victim);
  }

  private static Remedy halt(Crew crew, RandomGenerator random) throws Exception {
    BgfetchProcess victim = crew.any(random).orElse(null);
    if (victim == null) {
      return () -> {};
    }
    crew.halt(victim);
    return () -> crew.goOn(victim);
  }
}

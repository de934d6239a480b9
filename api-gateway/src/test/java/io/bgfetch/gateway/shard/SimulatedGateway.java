package io.bgfetch.gateway.shard;

import io.bgfetch.message.ControlMessage;
import io.bgfetch.message.FetchEvent;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;

/** A gateway: the shards that it owns, and what clients order through it. */
final class SimulatedGateway extends SimulatedProcess {

  private static final long GOOD_FOR_MILLIS = 2_000;

  private final Map<Integer, SimulatedRunner> runners = new TreeMap<>();
  private final SimulatedStore store;
  private final SimulatedTopics topics;
  private int ownerships;

  SimulatedGateway(SimulatedCluster cluster, String name) {
    super(cluster, name, Fault.GATEWAY_CRASHES, Fault.GATEWAY_STALLS);
    this.store = cluster.store;
    this.topics = cluster.topics;
  }

  // ---- shards

  void own(int shard) {
    if (!runners.containsKey(shard)) {
      begin(shard);
    }
  }

  private void begin(int shard) {
    SimulatedRunner runner = new SimulatedRunner(this, shard, name + "/" + ++ownerships);
    runners.put(shard, runner);
    runner.run();
  }

  void release(int shard) {
    SimulatedRunner runner = runners.remove(shard);
    if (runner != null) {
      runner.stop();
    }
  }

  /** It failed, and another one follows for as long as the shard is ours. */
  void runnerOver(int shard, SimulatedRunner runner) {
    after(
        1_000,
        () -> {
          if (runners.get(shard) == runner) {
            begin(shard);
          }
        });
  }

  /** There is an event for this shard. */
  void told(int shard) {
    SimulatedRunner runner = runners.get(shard);
    if (runner != null) {
      runner.wake();
    }
  }

  // ---- clients

  void register(SimulatedRow row) {
    soon(
        () -> {
          if (!store.down()) {
            store.insert(row);
            poke(row, new FetchEvent.Registered(row.uid()));
          }
        });
  }

  private void poke(SimulatedRow row, FetchEvent poke) {
    if (!cluster.faults.strikes(Fault.POKE_LOST)) {
      producer(topics.events.get(row.terms.shard())).send(poke, sent -> {});
    }
  }

  /** An update of a row, which waits for its lock. */
  private void update(UUID uid, Runnable statement) {
    soon(
        () -> {
          if (store.locked(uid)) {
            update(uid, statement);
          } else if (!store.down() && store.row(uid) != null) {
            statement.run();
          }
        });
  }

  void abort(UUID uid) {
    update(
        uid,
        () -> {
          if (store.abort(uid)) {
            soon(() -> cancel(uid));
          }
        });
  }

  void delete(UUID uid) {
    update(
        uid,
        () -> {
          if (store.delete(uid)) {
            soon(() -> cancel(uid));
          }
        });
  }

  private void cancel(UUID uid) {
    poke(store.row(uid), new FetchEvent.Changed(uid));
    inEffect(new ControlMessage.Cancel(uid), () -> cluster.invariants.abortAnswered(uid));
  }

  void pause(UUID uid) {
    update(
        uid,
        () -> {
          long version = store.setPaused(uid, true);
          if (version > 0) {
            soon(() -> tellPause(uid, version));
          }
        });
  }

  private void tellPause(UUID uid, long version) {
    poke(store.row(uid), new FetchEvent.Changed(uid));
    inEffect(
        new ControlMessage.Pause(uid, version),
        () -> cluster.invariants.pauseAnswered(uid, version));
  }

  void resume(UUID uid) {
    update(
        uid,
        () -> {
          if (store.setPaused(uid, false) > 0) {
            poke(store.row(uid), new FetchEvent.Changed(uid));
          }
        });
  }

  void retitle(UUID uid) {
    update(
        uid,
        () -> {
          store.retitle(uid);
          poke(store.row(uid), new FetchEvent.Changed(uid));
        });
  }

  /** Answers when workers can know of it, or when no permission from before is good any more. */
  private void inEffect(ControlMessage message, Runnable answer) {
    if (!cluster.holds(Rule.ABORT_IS_ANSWERED_WHEN_IN_EFFECT)) {
      producer(topics.control).send(message, sent -> {});
      answer.run();
      return;
    }
    boolean[] answered = new boolean[1];
    Runnable once =
        () -> {
          if (!answered[0]) {
            answered[0] = true;
            answer.run();
          }
        };
    producer(topics.control)
        .send(
            message,
            offset -> {
              if (offset != null) {
                once.run();
              }
            });
    after(GOOD_FOR_MILLIS, once);
  }
}

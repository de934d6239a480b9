package io.bgfetch.gateway.shard;

import io.bgfetch.message.ControlMessage;
import io.bgfetch.message.FetchEvent;
import io.bgfetch.message.FetchJob;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The four topics, and what the group of the workers has committed. */
final class SimulatedTopics {

  static final int JOB_PARTITIONS = 3;
  private static final int LATE_MILLIS = 3_500;

  final List<SimulatedLog<FetchEvent>> events = new ArrayList<>();
  final List<SimulatedLog<FetchJob>> jobs = new ArrayList<>();
  final SimulatedLog<ControlMessage> control;
  final SimulatedLog<News> progress;
  final long[] committed = new long[JOB_PARTITIONS];
  private final long[] everCommitted = new long[JOB_PARTITIONS];
  private final int[] everCommittedIn = new int[JOB_PARTITIONS];
  private final Map<Attempt, Place> places = new HashMap<>();
  private final Schedule schedule;
  private long downUntil;

  /** What subscribers are told of a registration; its id is made of all of it. */
  record News(java.util.UUID uid, long version, boolean end) {}

  /** One attempt at one record. */
  record Attempt(RecordId id, int number) {}

  private record Place(int partition, long offset, int incarnation, boolean late) {}

  SimulatedTopics(SimulatedCluster cluster, int shards) {
    this.schedule = cluster.schedule;
    for (int shard = 0; shard < shards; shard++) {
      int number = shard;
      events.add(new SimulatedLog<>(schedule, event -> cluster.told(number)));
    }
    for (int partition = 0; partition < JOB_PARTITIONS; partition++) {
      int number = partition;
      jobs.add(new SimulatedLog<>(schedule, job -> released(cluster, number, job)));
    }
    control = new SimulatedLog<>(schedule, message -> {});
    progress = new SimulatedLog<>(schedule, cluster.invariants::published);
  }

  private void released(SimulatedCluster cluster, int partition, FetchJob job) {
    Attempt attempt = new Attempt(new RecordId(job.uid(), job.index()), job.attempt());
    SimulatedLog<FetchJob> log = jobs.get(partition);
    boolean late = schedule.now() - job.releasedAt() > LATE_MILLIS;
    if (places.put(attempt, new Place(partition, log.end() - 1, log.incarnation(), late)) != null) {
      cluster.invariants.violated("released twice: " + attempt);
    }
  }

  /**
   * Whether it came to stand there so long after its release that whoever had taken the shard over
   * could not know of it any more.
   */
  boolean cameLate(Attempt attempt) {
    Place place = places.get(attempt);
    return place != null && place.late();
  }

  /** Whether this attempt stands in the queue, where nobody ever took it. */
  boolean neverTaken(Attempt attempt) {
    Place place = places.get(attempt);
    return place != null
        && place.incarnation() == jobs.get(place.partition()).incarnation()
        && place.offset() >= everCommitted(place.partition())
        && !seemsTaken(place);
  }

  /** A log that was lost and has grown past what was committed before looks as if it was taken. */
  private boolean seemsTaken(Place place) {
    long taken = committed[place.partition()];
    return place.offset() < taken && taken <= jobs.get(place.partition()).end();
  }

  /** Whether it came to stand in the queue, and the queue is still the same. */
  boolean arrived(Attempt attempt) {
    Place place = places.get(attempt);
    return place != null && place.incarnation() == jobs.get(place.partition()).incarnation();
  }

  void commit(int partition, long offset) {
    committed[partition] = offset;
    everCommitted[partition] = Math.max(everCommitted(partition), offset);
    everCommittedIn[partition] = jobs.get(partition).incarnation();
  }

  private long everCommitted(int partition) {
    boolean ofThis = everCommittedIn[partition] == jobs.get(partition).incarnation();
    return ofThis ? everCommitted[partition] : 0;
  }

  /** The queue as it is now; null while Kafka is out of reach. */
  @Nullable QueueView queue() {
    if (down()) {
      return null;
    }
    Map<Integer, Long> starts = new HashMap<>();
    Map<Integer, Long> ends = new HashMap<>();
    Map<Integer, Long> taken = new HashMap<>();
    for (int partition = 0; partition < JOB_PARTITIONS; partition++) {
      starts.put(partition, 0L);
      ends.put(partition, jobs.get(partition).end());
      taken.put(partition, committed[partition]);
    }
    return new QueueView(starts, ends, taken);
  }

  /** A lost event may be told again by who does not know that it arrived. */
  boolean mayRepeat(SimulatedLog<?> log) {
    return log == control || events.contains(log);
  }

  boolean down() {
    return schedule.now() < downUntil;
  }

  void breakDown(long millis) {
    downUntil = Math.max(downUntil, schedule.now() + millis);
  }

  void recover() {
    downUntil = 0;
  }
}

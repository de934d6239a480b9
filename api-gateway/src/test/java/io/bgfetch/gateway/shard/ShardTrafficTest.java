package io.bgfetch.gateway.shard;

import static io.bgfetch.gateway.shard.ShardWorld.WORKER;
import static io.bgfetch.gateway.shard.ShardWorld.jobs;
import static io.bgfetch.gateway.shard.ShardWorld.report;
import static io.bgfetch.gateway.shard.ShardWorld.settled;
import static io.bgfetch.gateway.shard.ShardWorld.success;
import static io.bgfetch.gateway.shard.ShardWorld.task;
import static org.assertj.core.api.Assertions.assertThat;

import io.bgfetch.fetch.FetchResult;
import io.bgfetch.gateway.stats.Traffic;
import io.bgfetch.message.FetchEvent.Alive;
import io.bgfetch.message.FetchEvent.Broke;
import io.bgfetch.message.FetchEvent.Progress;
import io.bgfetch.message.FetchEvent.Report;
import io.bgfetch.message.FetchEvent.Yielded;
import io.bgfetch.message.FetchJob;
import io.bgfetch.message.Task;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** What a shard counts for people to look at. */
class ShardTrafficTest {

  private final ShardWorld world = new ShardWorld();

  private static Map<String, Traffic> of(String tenant, long fetches, long bytes) {
    return Map.of(tenant, new Traffic(fetches, bytes));
  }

  @Nested
  class TheTraffic {

    @Test
    void isBytesAsTheyComeAndRecordsAsTheyEnd() {
      world.register("shop", "a.example", 2);
      List<FetchJob> jobs = jobs(world.step());
      Task first = task(jobs.get(0));
      Task second = task(jobs.get(1));

      assertThat(world.step(report(first, 60)).traffic()).isEqualTo(of("shop", 0, 60));
      assertThat(world.step(report(first, 60)).traffic()).isEmpty();
      assertThat(world.step(success(first, 100), report(second, 5)).traffic())
          .isEqualTo(of("shop", 1, 45));
      assertThat(world.step(settled(second, FetchResult.FETCH_ERROR, 9)).traffic())
          .isEqualTo(of("shop", 1, 4));
    }

    @Test
    void isCountedForEachTenant() {
      world.register("shop", "a.example", 1);
      world.register("reports", "b.example", 1);
      List<FetchJob> jobs = jobs(world.step());

      assertThat(world.step(success(task(jobs.get(0)), 7), success(task(jobs.get(1)), 8)).traffic())
          .containsOnlyKeys("shop", "reports")
          .containsValues(new Traffic(1, 7), new Traffic(1, 8));
    }

    /** What is thrown away was received all the same, and is received again. */
    @Test
    void isNeverTakenBack() {
      world.register("shop", "a.example", 1);
      Task task = task(jobs(world.step()).getFirst());
      world.step(report(task, 60));

      Broke broke = new Broke(WORKER, task, "reset", null, false, null, 0, 0, null);
      assertThat(world.step(broke).traffic()).isEmpty();

      world.now += 3_600_000;
      Task again = task(jobs(world.step()).getFirst());
      assertThat(world.step(success(again, 100)).traffic()).isEqualTo(of("shop", 1, 100));
    }

    @Test
    void doesNotIncludeRecordsThatEndWithTheirRegistration() {
      world.register("shop", "a.example", 3);
      List<FetchJob> jobs = jobs(world.step());

      Decision decision =
          world.step(settled(task(jobs.getFirst()), FetchResult.QUOTA_EXCEEDED, 10));

      assertThat(decision.traffic()).isEqualTo(of("shop", 1, 10));
      assertThat(decision.changes().getFirst().settled()).isEqualTo(3);
    }
  }

  @Nested
  class WhatRuns {

    @Test
    void hasStartedAndNotEnded() {
      world.register("shop", "a.example", 3);
      List<FetchJob> jobs = jobs(world.step());
      assertThat(world.shard().running()).isEmpty();

      world.step(report(task(jobs.get(0)), 0), report(task(jobs.get(1)), 0));
      assertThat(world.shard().running()).containsExactly(Map.entry("shop", 2));

      world.step(success(task(jobs.get(0)), 1));
      assertThat(world.shard().running()).containsExactly(Map.entry("shop", 1));

      world.step(new Yielded(WORKER, task(jobs.get(1)), "the worker stops", null, 0, 0));
      assertThat(world.shard().running()).isEmpty();
    }

    @Test
    void doesNotIncludeWhatWaitsInItsLane() {
      world.register("shop", "a.example", 1);
      Task task = task(jobs(world.step()).getFirst());

      world.step(new Report(WORKER, 0, 0, List.of(new Progress(task, false, 0, 0, 0))));

      assertThat(world.shard().running()).isEmpty();
    }

    @Test
    void isGoneWithItsRegistration() {
      UUID uid = world.register("shop", "a.example", 1);
      Task task = task(jobs(world.step()).getFirst());
      world.step(report(task, 0));
      assertThat(world.shard().running()).isNotEmpty();

      world.abort(uid);
      world.step(report(task, 0));

      assertThat(world.shard().running()).isEmpty();
    }
  }

  @Test
  void aSignOfLifeIsSilentAndIsNoReport() {
    world.register("shop", "a.example", 1);
    Task task = task(jobs(world.step()).getFirst());
    world.step(report(task, 0));
    Alive alive = new Alive(WORKER, 0, 1, 0);

    assertThat(world.shard().isSilent(List.of(alive))).isTrue();
    for (int i = 0; i <= 11; i++) {
      world.tick();
      world.step(alive);
    }

    assertThat(world.shard().running()).as("its lease has run out").isEmpty();
  }
}

package io.bgfetch.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class AssemblyTest {

  private final List<String> calls = new ArrayList<>();

  private Part part(String name, boolean startFails, boolean stopFails) {
    return new Part() {
      @Override
      public Future<Void> start() {
        calls.add("start " + name);
        return startFails ? Future.failedFuture(name) : Future.succeededFuture();
      }

      @Override
      public Future<Void> stop() {
        calls.add("stop " + name);
        return stopFails ? Future.failedFuture(name) : Future.succeededFuture();
      }
    };
  }

  private Part good(String name) {
    return part(name, false, false);
  }

  @Test
  void startsInOrderAndStopsInReverse() {
    Assembly assembly = new Assembly(List.of(good("a"), good("b")));

    assertThat(assembly.start().succeeded()).isTrue();
    assertThat(assembly.stop().succeeded()).isTrue();

    assertThat(calls).containsExactly("start a", "start b", "stop b", "stop a");
  }

  @Test
  void stopsWhatHadStartedWhenAStartFails() {
    Assembly assembly = new Assembly(List.of(good("a"), part("b", true, false), good("c")));

    Future<Void> started = assembly.start();

    assertThat(started.cause()).hasMessage("b");
    assertThat(calls).containsExactly("start a", "start b", "stop a");
  }

  @Test
  void goesOnStoppingWhenAStopFails() {
    Assembly assembly = new Assembly(List.of(good("a"), part("b", false, true)));
    assembly.start();

    assertThat(assembly.stop().succeeded()).isTrue();

    assertThat(calls).endsWith("stop b", "stop a");
  }

  @Test
  void stopsOnce() {
    Assembly assembly = new Assembly(List.of(good("a")));
    assembly.start();

    assembly.stop();
    assembly.stop();

    assertThat(calls).containsExactly("start a", "stop a");
  }
}

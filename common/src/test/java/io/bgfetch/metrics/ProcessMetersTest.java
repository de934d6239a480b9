package io.bgfetch.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Test;

class ProcessMetersTest {

  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

  @Test
  void showMemoryInsideAndOutsideTheHeapAndOpenFiles() {
    ProcessMeters.bindTo(registry);

    assertThat(registry.get("jvm.memory.used").tag("area", "heap").gauges()).isNotEmpty();
    assertThat(registry.get("jvm.buffer.memory.used").tag("id", "direct").gauge()).isNotNull();
    assertThat(registry.get("process.files.open").gauge().value()).isPositive();
  }
}

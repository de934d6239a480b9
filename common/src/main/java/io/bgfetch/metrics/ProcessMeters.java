package io.bgfetch.metrics;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import java.util.List;

/**
 * What an operator watches of any JVM: heap and memory outside of it, collections, threads, open
 * files, processor time. The limits that bgfetch keeps show here.
 */
public final class ProcessMeters {

  private ProcessMeters() {}

  /** Adds them to a registry that lasts as long as the process; once a process. */
  public static void bindTo(MeterRegistry registry) {
    List<MeterBinder> all =
        List.of(
            new JvmMemoryMetrics(),
            new JvmGcMetrics(),
            new JvmThreadMetrics(),
            new FileDescriptorMetrics(),
            new ProcessorMetrics());
    all.forEach(meters -> meters.bindTo(registry));
  }
}

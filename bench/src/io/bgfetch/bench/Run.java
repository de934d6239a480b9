package io.bgfetch.bench;

import java.util.OptionalDouble;

/**
 * One run of a program.
 *
 * @param seconds on the clock
 * @param cpuSeconds of all processors, system and user
 * @param peakBytes the most memory at once
 * @param beside how many processors bgfetch used meanwhile, if it was not what ran
 */
record Run(double seconds, double cpuSeconds, long peakBytes, OptionalDouble beside) {

  /** One of bgfetch. */
  Run(double seconds, double cpuSeconds, long peakBytes) {
    this(seconds, cpuSeconds, peakBytes, OptionalDouble.empty());
  }
}

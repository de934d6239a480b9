package io.bgfetch.bench;

/**
 * One run of a program.
 *
 * @param seconds on the clock
 * @param cpuSeconds of all processors, system and user
 * @param peakBytes the most memory at once
 */
record Run(double seconds, double cpuSeconds, long peakBytes) {}

package io.bgfetch.backends;

import java.nio.file.Path;
import java.util.OptionalInt;

/**
 * Where the embedded servers keep their data and which ports they take.
 *
 * @param dataDir the directory of both; made when absent, in use by one process at a time
 * @param postgresPort the port asked for; empty (or 0) means the one of the last start when it is
 *     free, else any
 * @param kafkaPort the same for the broker
 */
public record BackendsConfig(Path dataDir, OptionalInt postgresPort, OptionalInt kafkaPort) {
  /** Remembered or free ports. */
  public BackendsConfig(Path dataDir) {
    this(dataDir, OptionalInt.empty(), OptionalInt.empty());
  }

  public BackendsConfig {
    dataDir = dataDir.toAbsolutePath().normalize();
  }
}

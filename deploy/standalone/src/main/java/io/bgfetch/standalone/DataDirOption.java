package io.bgfetch.standalone;

import io.bgfetch.config.Settings;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where everything is kept. */
final class DataDirOption {
  @Option(
      names = "--data-dir",
      paramLabel = "DIR",
      description = "Where all data are kept; else BGFETCH_DATA_DIR, else .bgfetch.")
  private @Nullable Path dataDir;

  /** The directory, absolute. */
  Path path(Settings settings) {
    Path chosen =
        dataDir != null ? dataDir : Path.of(settings.text("BGFETCH_DATA_DIR", ".bgfetch"));
    return chosen.toAbsolutePath().normalize();
  }
}

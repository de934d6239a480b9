package io.bgfetch.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Where tools put what they fetch: into a new directory each time, which stays until the benchmark
 * ends unless it has few files for its bytes. Some file systems are slow at making files for
 * minutes after many were deleted (ext4 passes over inodes that were freed lately), which would be
 * measured as the tools' time.
 */
final class Outputs {

  private final Path directory;
  private int given;

  Outputs(Path scratch) throws IOException {
    this.directory = Files.createDirectory(scratch.resolve("outputs"));
  }

  /** A file for the list of what is to be fetched; there is one at a time. */
  Path list() {
    return directory.resolve("list");
  }

  /** A new, empty directory. */
  Path next() throws IOException {
    given++;
    return Files.createDirectory(directory.resolve(Integer.toString(given)));
  }

  /** The bodies that were put there are verified. */
  static void verified(Path output, Bodies bodies) throws IOException {
    if (bodies.areLarge()) {
      Directories.delete(output);
    }
  }
}

package io.bgfetch.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Stream;

/** Temporary directories, and what they hold. */
final class Directories {

  private static final Path SURVIVES_RESTARTS = Path.of("/var/tmp");
  private static final int TRIES = 5;
  private static final String PREFIX = "bgfetch-bench-";

  private Directories() {}

  /** A new one, in the given folder or on a disk: what lies in memory would make fsync free. */
  static Path create(Optional<Path> scratch) throws IOException {
    if (scratch.isPresent()) {
      return Files.createTempDirectory(Files.createDirectories(scratch.get()), PREFIX).toRealPath();
    }
    Path temporary = Path.of(System.getProperty("java.io.tmpdir"));
    boolean inMemory = Files.getFileStore(temporary).type().equals("tmpfs");
    return Files.createTempDirectory(inMemory ? SURVIVES_RESTARTS : temporary, PREFIX).toRealPath();
  }

  static void delete(Path directory) throws IOException {
    for (int i = 0; i < TRIES && Files.exists(directory); i++) {
      try {
        deleteOnce(directory);
      } catch (IOException | UncheckedIOException somebodyWrites) {
        if (i == TRIES - 1) {
          throw somebodyWrites;
        }
      }
    }
  }

  private static void deleteOnce(Path directory) throws IOException {
    try (Stream<Path> all = Files.walk(directory)) {
      for (Path one : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(one);
      }
    }
  }

  /** The bytes of its files. Files that go away meanwhile do not count. */
  static long bytes(Path directory) throws IOException {
    try (Stream<Path> all = Files.walk(directory)) {
      return all.filter(Files::isRegularFile).mapToLong(Directories::size).sum();
    } catch (UncheckedIOException goneMeanwhile) {
      return bytes(directory);
    }
  }

  private static long size(Path file) {
    try {
      return Files.size(file);
    } catch (IOException goneMeanwhile) {
      return 0;
    }
  }
}

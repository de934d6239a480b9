package io.bgfetch.standalone;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;

/**
 * Twelve files with random bytes, 1 KiB to 32 MiB.
 *
 * @param bytes of all of them together
 */
record SampleFiles(Path directory, List<Path> files, long bytes) {
  private static final int KIB = 1 << 10;
  private static final int BLOCK = 64 * KIB;

  /** Odd, most of them, so that nothing ends on a round number by chance. */
  private static final List<Integer> SIZES =
      List.of(
          KIB,
          4 * KIB + 1,
          16 * KIB,
          16 * KIB + 1,
          64 * KIB - 1,
          256 * KIB,
          1000 * KIB,
          2048 * KIB + 7,
          4096 * KIB - 3,
          8192 * KIB,
          16384 * KIB + 11,
          32768 * KIB);

  SampleFiles {
    files = List.copyOf(files);
  }

  static SampleFiles create(Path directory) throws IOException {
    Files.createDirectories(directory);
    SplittableRandom random = new SplittableRandom();
    List<Path> files = new ArrayList<>();
    for (int size : SIZES) {
      files.add(file(directory, size, random));
    }
    return new SampleFiles(directory, files, SIZES.stream().mapToLong(Integer::longValue).sum());
  }

  private static Path file(Path directory, int size, SplittableRandom random) throws IOException {
    Path file = directory.resolve("sample-" + size + ".bin");
    byte[] block = new byte[BLOCK];
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file))) {
      for (int left = size; left > 0; left -= BLOCK) {
        random.nextBytes(block);
        out.write(block, 0, Math.min(left, BLOCK));
      }
    }
    return file;
  }

  /** {@code 512 B}, {@code 1.0 KiB}, {@code 32.0 MiB}. */
  static String size(long bytes) {
    if (bytes < 1 << 10) {
      return bytes + " B";
    }
    return bytes < 1 << 20
        ? String.format(Locale.ROOT, "%.1f KiB", bytes / 1024.0)
        : String.format(Locale.ROOT, "%.1f MiB", bytes / 1024.0 / 1024.0);
  }
}

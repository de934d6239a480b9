package io.bgfetch.blob;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * The directories of a store whose own names this process knows to be on the disk, so that they are
 * forced there once and not with each file: the last few thousand. Thread-safe.
 */
final class DurableDirectories {

  private static final int REMEMBERED = 4_096;

  private final Path root;
  private final Set<Path> durable =
      Collections.newSetFromMap(
          Collections.synchronizedMap(
              new LinkedHashMap<>() {
                @Override
                protected boolean removeEldestEntry(Map.Entry<Path, Boolean> eldest) {
                  return size() > REMEMBERED;
                }
              }));

  /** Those below a directory that is there already. */
  DurableDirectories(Path root) {
    this.root = root;
  }

  /** Makes a directory that is not there, and those above it. They are not durable yet. */
  void create(Path directory) throws IOException {
    if (Files.isDirectory(directory)) {
      return;
    }
    for (Path above = directory; !above.equals(root); above = parentOf(above)) {
      durable.remove(above);
    }
    Files.createDirectories(directory);
  }

  /** Makes the names in a directory durable, and the way to it, whoever made that. */
  void force(Path directory) throws IOException {
    forceNames(directory);
    List<Path> way = new ArrayList<>();
    for (Path above = directory; unknown(above); above = parentOf(above)) {
      forceNames(parentOf(above));
      way.add(above);
    }
    durable.addAll(way);
  }

  private boolean unknown(Path directory) {
    return !directory.equals(root) && !durable.contains(directory);
  }

  private static void forceNames(Path directory) throws IOException {
    try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  /** Every path here lies below the root, so it has a parent. */
  private static Path parentOf(Path path) {
    return Objects.requireNonNull(path.getParent());
  }
}

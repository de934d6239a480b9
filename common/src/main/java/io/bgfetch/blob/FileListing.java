package io.bgfetch.blob;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.function.Predicate;

/**
 * What lies below a directory, read as it is asked for: no more than one open directory a level is
 * held, however many files there are. What vanishes meanwhile is passed over.
 */
final class FileListing implements Closeable {

  private final Deque<Level> levels = new ArrayDeque<>();
  private final Predicate<Path> wanted;
  private final boolean deep;

  private record Level(DirectoryStream<Path> directory, Iterator<Path> entries) {}

  private FileListing(Path start, Predicate<Path> wanted, boolean deep) throws IOException {
    this.wanted = wanted;
    this.deep = deep;
    enter(start);
  }

  /** The wanted ones of the files below a directory, however deep. */
  static FileListing ofFiles(Path start, Predicate<Path> wanted) throws IOException {
    return new FileListing(start, wanted, true);
  }

  /** The directories in a directory. */
  static FileListing ofDirectories(Path start) throws IOException {
    return new FileListing(start, Files::isDirectory, false);
  }

  /** The next paths, at most so many; an empty list is the end. */
  List<Path> next(int atMost) throws IOException {
    List<Path> found = new ArrayList<>();
    try {
      while (found.size() < atMost && !levels.isEmpty()) {
        advance(levels.getFirst(), found);
      }
    } catch (DirectoryIteratorException failure) {
      throw failure.getCause();
    }
    return found;
  }

  private void advance(Level level, List<Path> found) throws IOException {
    if (!level.entries().hasNext()) {
      levels.removeFirst().directory().close();
      return;
    }
    Path path = level.entries().next();
    if (deep && Files.isDirectory(path)) {
      enter(path);
    } else if (wanted.test(path)) {
      found.add(path);
    }
  }

  private void enter(Path path) throws IOException {
    try {
      DirectoryStream<Path> directory = Files.newDirectoryStream(path);
      levels.addFirst(new Level(directory, directory.iterator()));
    } catch (NoSuchFileException | NotDirectoryException gone) {
      return;
    }
  }

  @Override
  public void close() throws IOException {
    while (!levels.isEmpty()) {
      levels.removeFirst().directory().close();
    }
  }
}

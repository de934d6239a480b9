package io.bgfetch.standalone;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import org.jspecify.annotations.Nullable;

/** A directory that goes with everything in it when it is closed, unless it is to be kept. */
final class TemporaryDirectory implements AutoCloseable {
  private final Path path;
  private final boolean kept;

  private TemporaryDirectory(Path path, boolean kept) {
    this.path = path;
    this.kept = kept;
  }

  /**
   * Makes one. Others may pass through it, not look: the embedded Postgres may have to run as
   * another user.
   */
  static TemporaryDirectory create(String prefix, boolean kept) throws IOException {
    Path path = Files.createTempDirectory(prefix).toRealPath();
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwx--x--x"));
    return new TemporaryDirectory(path, kept);
  }

  Path path() {
    return path;
  }

  @Override
  public void close() throws IOException {
    if (!kept && Files.exists(path)) {
      var unused = Files.walkFileTree(path, new Deletion());
    }
  }

  private static final class Deletion extends SimpleFileVisitor<Path> {
    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
      Files.deleteIfExists(file);
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException failure)
        throws IOException {
      Files.deleteIfExists(directory);
      return FileVisitResult.CONTINUE;
    }
  }
}

package io.bgfetch.backends;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.UserPrincipal;
import org.jspecify.annotations.Nullable;

/** What is done to a directory with everything in it; links are not followed. */
final class FileTree {
  private FileTree() {}

  /** Deletes the directory; does nothing where there is none. */
  static void delete(Path directory) throws IOException {
    if (Files.exists(directory, LinkOption.NOFOLLOW_LINKS)) {
      walkChildrenFirst(directory, Files::delete);
    }
  }

  /** Gives everything to the owner. Children first: a run that was cut short shows at the top. */
  static void giveTo(UserPrincipal owner, Path directory) throws IOException {
    if (!Files.getOwner(directory).equals(owner)) {
      walkChildrenFirst(directory, path -> setOwner(path, owner));
    }
  }

  private static void setOwner(Path path, UserPrincipal owner) throws IOException {
    Files.setAttribute(path, "posix:owner", owner, LinkOption.NOFOLLOW_LINKS);
  }

  private static void walkChildrenFirst(Path directory, PathAction action) throws IOException {
    Files.walkFileTree(
        directory,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            action.on(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path path, @Nullable IOException failure)
              throws IOException {
            if (failure != null) {
              throw failure;
            }
            action.on(path);
            return FileVisitResult.CONTINUE;
          }
        });
  }

  @FunctionalInterface
  private interface PathAction {
    void on(Path path) throws IOException;
  }
}

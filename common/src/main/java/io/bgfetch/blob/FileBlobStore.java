package io.bgfetch.blob;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.ReadableByteChannel;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * Blobs as files below one directory, which all processes share. A blob is written under a
 * temporary name, forced to the disk, and then renamed; the directories on its way are forced too,
 * so that a name that was promised is there after a power failure.
 */
public final class FileBlobStore implements BlobStore {

  private static final String DRAFT_SUFFIX = ".draft";
  private static final int PAGE = 1_000;
  private static final int COPIED_AT_ONCE = 1 << 20;
  private static final int MOST_TRIES = 10;

  private final Path root;
  private final DurableDirectories directories;

  public FileBlobStore(Path root) throws IOException {
    this.root = Files.createDirectories(root.toAbsolutePath().normalize());
    this.directories = new DurableDirectories(this.root);
  }

  @Override
  public Draft begin(String key) throws IOException {
    Path blob = pathOf(key);
    Path draft = blob.resolveSibling(blob.getFileName() + DRAFT_SUFFIX);
    return new FileDraft(blob, draft, opened(draft));
  }

  /**
   * Its directory is there nearly always. It may also vanish as soon as it was made, when the last
   * file in it is deleted at that moment.
   */
  private FileChannel opened(Path draft) throws IOException {
    for (int tries = 1; ; tries++) {
      try {
        return FileChannel.open(
            draft,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE);
      } catch (NoSuchFileException noDirectory) {
        if (tries == MOST_TRIES) {
          throw noDirectory;
        }
        directories.create(directoryOf(draft));
      }
    }
  }

  @Override
  public ReadableByteChannel open(String key, long offset) throws IOException {
    FileChannel channel = FileChannel.open(pathOf(key), StandardOpenOption.READ);
    return channel.position(offset);
  }

  /** A hard link, where the file system has them and takes one more. */
  @Override
  public void copy(String from, String to) throws IOException {
    Path source = pathOf(from);
    Path target = pathOf(to);
    directories.create(directoryOf(target));
    try {
      Files.createLink(target, source);
      directories.force(directoryOf(target));
    } catch (FileAlreadyExistsException there) {
      // blobs are immutable: it is the same one
    } catch (NoSuchFileException missing) {
      throw missing;
    } catch (IOException | UnsupportedOperationException noLinks) {
      copyBytes(source, to);
    }
  }

  private void copyBytes(Path source, String to) throws IOException {
    try (FileChannel bytes = FileChannel.open(source, StandardOpenOption.READ);
        Draft draft = begin(to)) {
      ByteBuffer buffer = ByteBuffer.allocate(COPIED_AT_ONCE);
      while (bytes.read(buffer) >= 0) {
        draft.write(buffer.flip());
        buffer.clear();
      }
      draft.commit();
    }
  }

  @Override
  public void deleteAll(String prefix) throws IOException {
    Path start = pathOf(prefix);
    if (!Files.exists(start)) {
      return;
    }
    Files.walkFileTree(start, new Deletion());
  }

  @Override
  public void delete(String key) throws IOException {
    Path blob = pathOf(key);
    Files.deleteIfExists(blob);
    deleteEmptied(directoryOf(blob));
  }

  @Override
  public void deleteDrafts(String prefix) throws IOException {
    Path start = pathOf(prefix);
    try (FileListing files = FileListing.ofFiles(start, FileBlobStore::isDraft)) {
      for (List<Path> some = files.next(PAGE); !some.isEmpty(); some = files.next(PAGE)) {
        for (Path draft : some) {
          Files.deleteIfExists(draft);
          deleteEmptied(directoryOf(draft));
        }
      }
    }
  }

  @Override
  public Listing list(String prefix) throws IOException {
    return new Names(FileListing.ofFiles(pathOf(prefix), file -> !isDraft(file)));
  }

  @Override
  public Listing prefixes() throws IOException {
    return new Names(FileListing.ofDirectories(root));
  }

  @Override
  public void close() {}

  /** Deletes a directory in which nothing is left, and those above it, as far as that is so. */
  private void deleteEmptied(Path directory) throws IOException {
    try {
      for (Path emptied = directory; !emptied.equals(root); emptied = directoryOf(emptied)) {
        Files.deleteIfExists(emptied);
      }
    } catch (DirectoryNotEmptyException stillUsed) {
      return;
    }
  }

  private static boolean isDraft(Path file) {
    return file.toString().endsWith(DRAFT_SUFFIX);
  }

  private Path pathOf(String key) {
    Path path = root.resolve(key).normalize();
    if (!path.startsWith(root) || path.equals(root)) {
      throw new IllegalArgumentException("not the name of a blob: " + key);
    }
    return path;
  }

  /** Every path here lies below the root, so it has a parent. */
  private static Path directoryOf(Path path) {
    return Objects.requireNonNull(path.getParent());
  }

  private final class FileDraft implements Draft {

    private final Path blob;
    private final Path draft;
    private final FileChannel channel;
    private boolean committed;

    FileDraft(Path blob, Path draft, FileChannel channel) {
      this.blob = blob;
      this.draft = draft;
      this.channel = channel;
    }

    @Override
    public void write(ByteBuffer bytes) throws IOException {
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
    }

    @Override
    public void commit() throws IOException {
      channel.force(true);
      channel.close();
      Files.move(draft, blob, StandardCopyOption.ATOMIC_MOVE);
      directories.force(directoryOf(blob));
      committed = true;
    }

    @Override
    public void close() throws IOException {
      channel.close();
      if (!committed) {
        Files.deleteIfExists(draft);
      }
    }
  }

  /** Files by the names of their blobs. */
  private final class Names implements Listing {

    private final FileListing files;

    Names(FileListing files) {
      this.files = files;
    }

    @Override
    public List<String> next(int atMost) throws IOException {
      return files.next(atMost).stream().map(this::nameOf).toList();
    }

    /** The elements of the path joined by "/", whatever the file system has between them. */
    private String nameOf(Path file) {
      return StreamSupport.stream(root.relativize(file).spliterator(), false)
          .map(Path::toString)
          .collect(Collectors.joining("/"));
    }

    @Override
    public void close() throws IOException {
      files.close();
    }
  }

  private static final class Deletion extends SimpleFileVisitor<Path> {
    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
      Files.deleteIfExists(file);
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFileFailed(Path file, IOException failure) throws IOException {
      if (failure instanceof NoSuchFileException) {
        return FileVisitResult.CONTINUE;
      }
      throw failure;
    }

    @Override
    public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException failure)
        throws IOException {
      if (failure != null) {
        throw failure;
      }
      Files.deleteIfExists(directory);
      return FileVisitResult.CONTINUE;
    }
  }
}

package io.bgfetch.standalone;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The directory of the bodies, which can be made to take no bytes. Where the test may mount, it is
 * a small file system of its own in memory, and full when a ballast fills it (ENOSPC). Elsewhere
 * the processes that write there are forbidden to make any file longer (EFBIG).
 */
final class BlobSpace implements AutoCloseable {
  private static final int BLOCK = 64 << 10;
  private static final long DEADLINE_SECONDS = 10;

  private final Path directory;
  private final boolean mounted;

  private BlobSpace(Path directory, boolean mounted) {
    this.directory = directory;
    this.mounted = mounted;
  }

  static BlobSpace at(Path directory, int megabytes) throws Exception {
    Files.createDirectories(directory);
    String size = "size=%dm".formatted(megabytes);
    boolean mounted = works("mount", "-t", "tmpfs", "-o", size, "tmpfs", directory.toString());
    return new BlobSpace(directory, mounted);
  }

  /** What {@link #fill} will do. */
  String means() {
    return mounted ? "a full file system" : "a limit on the length of files";
  }

  void fill(List<BgfetchProcess> writers) throws Exception {
    if (mounted) {
      writeBallast();
    } else {
      limit(writers, "0");
    }
  }

  private void writeBallast() throws IOException {
    byte[] block = new byte[BLOCK];
    try (OutputStream ballast = Files.newOutputStream(ballast())) {
      while (true) {
        ballast.write(block);
      }
    } catch (IOException full) {
      if (Files.getFileStore(directory).getUsableSpace() > BLOCK) {
        throw full;
      }
    }
  }

  void free(List<BgfetchProcess> writers) throws Exception {
    if (mounted) {
      Files.deleteIfExists(ballast());
    } else {
      limit(writers, "unlimited");
    }
  }

  private Path ballast() {
    return directory.resolve("ballast");
  }

  private static void limit(List<BgfetchProcess> writers, String bytes) throws Exception {
    for (BgfetchProcess writer : writers) {
      String soft = "--fsize=" + bytes + ":";
      if (!works("prlimit", "--pid", "" + writer.pid(), soft) && writer.isAlive()) {
        throw new IOException("neither mount nor prlimit works here");
      }
    }
  }

  private static boolean works(String... command) throws InterruptedException {
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      return process.waitFor(DEADLINE_SECONDS, TimeUnit.SECONDS) && process.exitValue() == 0;
    } catch (IOException notInstalled) {
      return false;
    }
  }

  @Override
  public void close() throws Exception {
    if (mounted && !works("umount", directory.toString())) {
      throw new IOException("cannot unmount " + directory);
    }
  }
}

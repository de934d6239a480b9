package io.bgfetch.standalone;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * The directory of the bodies, which can be made to take no bytes. Where the test may mount, it is
 * a small file system of its own in memory, and full while a ballast fills it (ENOSPC). Elsewhere
 * the processes that write there are forbidden to make any file longer (EFBIG).
 */
final class BlobSpace implements AutoCloseable {
  private static final long DEADLINE_SECONDS = 10;

  private final Path directory;
  private final boolean mounted;
  private final Deque<Ballast> ballasts = new ArrayDeque<>();

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
      ballasts.push(new Ballast(directory.resolve("ballast-" + ballasts.size())));
    } else {
      limit(writers, "0");
    }
  }

  void free(List<BgfetchProcess> writers) throws Exception {
    if (mounted) {
      ballasts.pop().close();
    } else {
      limit(writers, "unlimited");
    }
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
    while (!ballasts.isEmpty()) {
      ballasts.pop().close();
    }
    if (mounted && !works("umount", directory.toString())) {
      throw new IOException("cannot unmount " + directory);
    }
  }

  /** Takes all room of a file system, also what others free later, until it is closed. */
  private static final class Ballast implements AutoCloseable {
    private static final int BLOCK = 64 << 10;
    private static final int EVERY_MILLIS = 5;

    private final Path file;
    private final OutputStream stream;
    private final ScheduledExecutorService toppingUp =
        Executors.newSingleThreadScheduledExecutor(Thread.ofPlatform().daemon().factory());

    Ballast(Path file) throws IOException {
      this.file = file;
      this.stream = Files.newOutputStream(file);
      topUp();
      var unused =
          toppingUp.scheduleWithFixedDelay(
              this::topUp, EVERY_MILLIS, EVERY_MILLIS, TimeUnit.MILLISECONDS);
    }

    private void topUp() {
      byte[] block = new byte[BLOCK];
      try {
        while (true) {
          stream.write(block);
        }
      } catch (IOException full) {
        // as it is to be
      }
    }

    @Override
    public void close() throws IOException {
      toppingUp.close();
      stream.close();
      Files.delete(file);
    }
  }
}

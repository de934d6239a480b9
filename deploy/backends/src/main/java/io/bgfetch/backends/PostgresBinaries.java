package io.bgfetch.backends;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.tukaani.xz.XZInputStream;

/**
 * The installed programs of PostgreSQL. They come as an archive on the class path and are unpacked
 * once per version, into the user's cache directory where that is possible; it stays there when a
 * data directory is thrown away.
 */
final class PostgresBinaries {
  private static final Logger LOG = LoggerFactory.getLogger(PostgresBinaries.class);

  /** {@code os.arch} of Java, and what the archives call it. */
  private static final Map<String, String> ARCHITECTURES =
      Map.of("amd64", "x86_64", "aarch64", "arm_64");

  private static final Object ONE_AT_A_TIME = new Object();

  private final Path home;

  private PostgresBinaries(Path home) {
    this.home = home;
  }

  /**
   * Unpacks the programs, unless they are there.
   *
   * @param fallback where to unpack when there is no cache directory that the launcher reaches
   */
  static PostgresBinaries install(Path fallback, Launcher launcher)
      throws IOException, InterruptedException {
    String architecture = architecture();
    String name = "postgres-%s-linux-%s".formatted(version(), architecture);
    for (Path cache : Stream.concat(userCache().stream(), Stream.of(fallback)).toList()) {
      Optional<Path> home = tryInstall(cache, name, architecture);
      if (home.isPresent() && launcher.reaches(home.get().resolve("bin/postgres"))) {
        return new PostgresBinaries(home.get());
      }
    }
    throw new BackendsException(
        "PostgreSQL's programs cannot be unpacked, and then run, anywhere: %s does not allow it either"
            .formatted(fallback));
  }

  private static String architecture() {
    String os = System.getProperty("os.name");
    String architecture = ARCHITECTURES.get(System.getProperty("os.arch"));
    if (!os.equals("Linux") || architecture == null) {
      throw new BackendsException(
          "there is no embedded PostgreSQL for %s on %s: use one of your own (BGFETCH_POSTGRES_URI)"
              .formatted(os, System.getProperty("os.arch")));
    }
    return architecture;
  }

  private static String version() throws IOException {
    try (InputStream version = resource("postgres.version")) {
      return new String(version.readAllBytes(), UTF_8).strip();
    }
  }

  private static Optional<Path> userCache() {
    String xdg = System.getenv("XDG_CACHE_HOME");
    Path cache =
        xdg == null || xdg.isBlank()
            ? Path.of(System.getProperty("user.home"), ".cache")
            : Path.of(xdg);
    return Optional.of(cache.resolve("bgfetch")).filter(Path::isAbsolute);
  }

  private static Optional<Path> tryInstall(Path cache, String name, String architecture) {
    Path home = cache.resolve(name);
    if (Files.isDirectory(home)) {
      return Optional.of(home);
    }
    try {
      Files.createDirectories(cache);
      install(home, architecture);
      return Optional.of(home);
    } catch (IOException e) {
      LOG.atInfo().addKeyValue("directory", cache).setCause(e).log("cannot unpack PostgreSQL here");
      return Optional.empty();
    }
  }

  /**
   * Appears at once and whole: unpacked beside and renamed, under a lock against other processes.
   */
  private static void install(Path home, String architecture) throws IOException {
    Path lockFile = home.resolveSibling(home.getFileName() + ".lock");
    Path partial = home.resolveSibling(home.getFileName() + ".partial");
    synchronized (ONE_AT_A_TIME) { // a file lock does not know threads
      try (FileChannel channel = FileChannel.open(lockFile, CREATE, WRITE);
          FileLock lock = channel.lock()) {
        if (!Files.isDirectory(home)) {
          FileTree.delete(partial);
          unpack("/postgres-linux-" + architecture + ".txz", partial);
          Files.move(partial, home, ATOMIC_MOVE);
        }
      }
    }
  }

  private static void unpack(String archive, Path target) throws IOException {
    try (InputStream resource = resource(archive);
        TarArchiveInputStream tar =
            new TarArchiveInputStream(new XZInputStream(new BufferedInputStream(resource)))) {
      for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
        unpack(tar, entry, target);
      }
    }
  }

  private static void unpack(TarArchiveInputStream tar, TarArchiveEntry entry, Path target)
      throws IOException {
    Path path = target.resolve(entry.getName()).normalize();
    if (!path.startsWith(target)) {
      throw new IOException("the archive leaves its directory: " + entry.getName());
    }
    if (entry.isDirectory()) {
      Files.createDirectories(path);
      return;
    }
    Files.createDirectories(path.getParent());
    if (entry.isSymbolicLink()) {
      Files.createSymbolicLink(path, Path.of(entry.getLinkName()));
    } else {
      Files.copy(tar, path);
      boolean executable = (entry.getMode() & 0b001_000_000) != 0;
      Files.setPosixFilePermissions(
          path, PosixFilePermissions.fromString(executable ? "rwxr-xr-x" : "rw-r--r--"));
    }
  }

  private static InputStream resource(String name) throws IOException {
    @Nullable InputStream resource = PostgresBinaries.class.getResourceAsStream(name);
    if (resource == null) {
      throw new BackendsException("%s is missing on the class path".formatted(name));
    }
    return resource;
  }

  /** The command line of one of the programs. */
  List<String> program(String name, List<String> arguments) {
    Path program = home.resolve("bin").resolve(name);
    return Stream.concat(Stream.of(program.toString()), arguments.stream()).toList();
  }
}

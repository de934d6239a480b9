package io.bgfetch.backends;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.UserPrincipal;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Starts PostgreSQL's programs the way they have to run below this JVM, with util-linux's small
 * tools as far as they are there:
 *
 * <ul>
 *   <li>not as root, which they refuse. {@code unshare -U} is preferred: outside of its user
 *       namespace the process stays root without any capability, so it reaches a directory below
 *       {@code /root} and files keep their owner. Where namespaces are forbidden (most containers)
 *       {@code setpriv} makes it the user 65534 ("nobody"), who then owns the data directory;
 *   <li>not in the terminal's process group, or Ctrl-C would end them before their clients;
 *   <li>not beyond the life of the thread that started them: when the JVM is killed, Linux tells
 *       them to shut down.
 * </ul>
 */
final class Launcher {
  private static final String NOBODY = "65534";
  private static final List<String> UNSHARE = List.of("unshare", "-U");
  private static final List<String> AS_NOBODY =
      List.of("setpriv", "--reuid=" + NOBODY, "--regid=" + NOBODY, "--clear-groups");
  private static final List<String> NEW_SESSION = List.of("setsid");
  private static final List<String> TIED = List.of("setpriv", "--pdeathsig", "INT");

  private final List<String> asUser;
  private final List<String> tied;

  private Launcher(List<String> asUser, List<String> tied) {
    this.asUser = asUser;
    this.tied = tied;
  }

  /** Finds out what works on this machine. */
  static Launcher find() throws IOException, InterruptedException {
    List<String> asUser = isRoot() ? otherUser() : List.of();
    List<String> tied = new ArrayList<>();
    if (works(NEW_SESSION)) {
      tied.addAll(NEW_SESSION);
    }
    tied.addAll(asUser);
    if (works(TIED)) {
      tied.addAll(TIED); // last: changing the user clears it
    }
    return new Launcher(asUser, List.copyOf(tied));
  }

  private static boolean isRoot() throws IOException {
    Path self = Path.of("/proc/self");
    return Files.exists(self) && Files.getAttribute(self, "unix:uid").equals(0);
  }

  private static List<String> otherUser() throws InterruptedException {
    if (works(UNSHARE)) {
      return UNSHARE;
    }
    if (works(AS_NOBODY)) {
      return AS_NOBODY;
    }
    throw new BackendsException(
        "PostgreSQL refuses to run as root and neither unshare nor setpriv (util-linux) can change"
            + " that here: run bgfetch as another user");
  }

  private static boolean works(List<String> prefix) throws InterruptedException {
    return Program.succeeds(with(prefix, List.of("true")));
  }

  /** The command line that runs the program with all of the above. */
  List<String> command(List<String> program) {
    return with(tied, program);
  }

  /** Whether the user whom the programs run as can read and enter it. */
  boolean reaches(Path path) throws InterruptedException {
    return Program.succeeds(
        with(asUser, List.of("test", "-r", path.toString(), "-a", "-x", path.toString())));
  }

  /** Makes that user the owner of the file, or of the directory with everything in it. */
  void give(Path path) throws IOException {
    if (!asUser.isEmpty()) {
      FileTree.giveTo(user(path), path);
    }
  }

  /** The same, and refuses a directory that the user does not reach all the same. */
  void settleIn(Path directory) throws IOException, InterruptedException {
    give(directory);
    if (!reaches(directory)) {
      throw new BackendsException(
          "bgfetch runs as root, PostgreSQL then has to run as the user nobody, who cannot reach"
              + " %s: choose another data directory, or run bgfetch as another user"
                  .formatted(directory));
    }
  }

  private UserPrincipal user(Path path) throws IOException {
    String name = asUser.equals(AS_NOBODY) ? NOBODY : "root";
    return path.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName(name);
  }

  private static List<String> with(List<String> prefix, List<String> program) {
    return Stream.concat(prefix.stream(), program.stream()).toList();
  }
}

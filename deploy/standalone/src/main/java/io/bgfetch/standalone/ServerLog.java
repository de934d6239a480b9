package io.bgfetch.standalone;

import io.bgfetch.cli.CommandFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.logging.LogManager;
import org.slf4j.bridge.SLF4JBridgeHandler;

/**
 * Where a server process logs. To be chosen before anything logs; client commands choose nothing
 * and log nothing.
 */
final class ServerLog {
  private static final String CONFIGURATION = "logback.configurationFile";
  private static final String FILE = "bgfetch.log.file";
  private static final String RESOURCES = "io/bgfetch/standalone/";

  private ServerLog() {}

  /** Standard error, a line an event. */
  static void toConsole() {
    choose("logback-console.xml");
  }

  /**
   * A file of that name in {@code logs} below the data directory; older ones beside it.
   *
   * @return the file
   * @throws CommandFailure when the directory cannot be written
   */
  static Path toFile(Path dataDir, String name) {
    Path file = dataDir.toAbsolutePath().normalize().resolve("logs").resolve(name);
    try {
      Files.createDirectories(file.getParent());
      Files.newByteChannel(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND).close();
    } catch (IOException e) {
      throw new CommandFailure(
          CommandFailure.UNUSABLE, "cannot write to the data directory: " + StartFailure.reason(e));
    }
    System.setProperty(FILE, file.toString());
    choose("logback-file.xml");
    return file;
  }

  /** What somebody chose on the JVM's command line stays. */
  private static void choose(String resource) {
    if (System.getProperty(CONFIGURATION) == null) {
      System.setProperty(CONFIGURATION, RESOURCES + resource);
    }
    LogManager.getLogManager().reset();
    SLF4JBridgeHandler.install();
  }
}

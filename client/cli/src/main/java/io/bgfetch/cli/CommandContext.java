package io.bgfetch.cli;

import java.io.InputStream;
import java.io.PrintStream;
import java.time.ZoneId;
import java.util.Map;

/**
 * Where a command reads and writes, and what it knows about its surroundings.
 *
 * @param in what {@code -} reads
 * @param out for results
 * @param err for failures and hints
 * @param environment of the process
 * @param terminal what {@code out} is
 * @param zone for times that people read
 */
public record CommandContext(
    InputStream in,
    PrintStream out,
    PrintStream err,
    Map<String, String> environment,
    Terminal terminal,
    ZoneId zone) {

  /** This process. */
  public static CommandContext ofProcess() {
    Map<String, String> environment = System.getenv();
    return new CommandContext(
        System.in,
        System.out,
        System.err,
        environment,
        Terminal.detect(environment),
        ZoneId.systemDefault());
  }
}

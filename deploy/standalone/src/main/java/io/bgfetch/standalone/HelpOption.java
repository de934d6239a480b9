package io.bgfetch.standalone;

import picocli.CommandLine.Option;

/** {@code --help}. */
final class HelpOption {
  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Shows this.")
  @SuppressWarnings("unused") // picocli acts on it
  private boolean help;
}

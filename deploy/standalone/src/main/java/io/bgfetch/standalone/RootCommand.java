package io.bgfetch.standalone;

import io.bgfetch.cli.CommandContext;
import io.bgfetch.cli.CommandFailure;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
    name = "bgfetch",
    versionProvider = Version.class,
    header = "Background fetching as a distributed service.",
    synopsisHeading = "%nUsage: ",
    synopsisSubcommandLabel = "COMMAND",
    optionListHeading = "%nOptions:%n",
    commandListHeading = "",
    exitCodeListHeading = "%nExit status:%n",
    exitCodeList = {
      " 0:done",
      " 1:the fetch failed, or is not there",
      " 2:wrong usage or configuration, a taken port, or no gateway or backend"
    },
    footer = {
      "",
      "Client commands speak to the gateway at BGFETCH_URL, else http://127.0.0.1:8080.",
      "Help on one command: bgfetch COMMAND --help"
    })
final class RootCommand implements Callable<Integer> {
  private final CommandContext context;

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private CommandSpec spec;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Shows this.")
  @SuppressWarnings("unused") // picocli acts on it
  private boolean help;

  @Option(
      names = {"-V", "--version"},
      versionHelp = true,
      description = "Shows the version.")
  @SuppressWarnings("unused") // picocli acts on it
  private boolean version;

  RootCommand(CommandContext context) {
    this.context = context;
  }

  /** No command: whoever tries that wants to know what there is. */
  @Override
  public Integer call() {
    spec.commandLine().usage(context.err());
    return CommandFailure.UNUSABLE;
  }
}

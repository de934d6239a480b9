package io.bgfetch.standalone;

import io.bgfetch.cli.ClientCommands;
import io.bgfetch.cli.CommandContext;
import picocli.CommandLine;
import picocli.CommandLine.Model.UsageMessageSpec;

/** The program {@code bgfetch}. */
public final class Main {
  private Main() {}

  /** Runs the command that the arguments name and ends the JVM with its exit status. */
  public static void main(String[] arguments) {
    System.exit(commandLine(CommandContext.ofProcess()).execute(arguments));
  }

  /** All commands, in the order in which help names them. */
  static CommandLine commandLine(CommandContext context) {
    CommandLine root = new CommandLine(new RootCommand(context));
    var unused =
        root.addSubcommand(new DemoCommand(context))
            .addSubcommand(new UpCommand(context))
            .addSubcommand(new BackendsCommand(context))
            .addSubcommand(new GatewayCommand())
            .addSubcommand(new WorkerCommand());
    ClientCommands.addTo(root, context);
    root.getHelpSectionMap().put(UsageMessageSpec.SECTION_KEY_COMMAND_LIST, CommandGroups::render);
    return root;
  }
}

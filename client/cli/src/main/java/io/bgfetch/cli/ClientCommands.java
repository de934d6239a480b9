package io.bgfetch.cli;

import java.io.PrintWriter;
import java.util.List;
import java.util.stream.Stream;
import picocli.CommandLine;

/**
 * The commands for people who use a gateway: {@code fetch}, {@code get}, {@code list}, {@code
 * watch}, {@code records}, {@code match}, {@code body}, {@code abort}, {@code pause}, {@code
 * resume}, {@code release}, {@code retry}, {@code delete}, and {@code completion} for their shell.
 *
 * <pre>{@code
 * CommandLine root = new CommandLine(new Bgfetch());
 * ClientCommands.addTo(root);
 * System.exit(root.execute(args));
 * }</pre>
 */
public final class ClientCommands {
  private ClientCommands() {}

  /**
   * Adds all of them to the command line of this process, and {@link CommandErrors} for every
   * command that it has by then.
   */
  public static void addTo(CommandLine root) {
    addTo(root, CommandContext.ofProcess());
  }

  /** As {@link #addTo(CommandLine)}, with other surroundings. */
  public static void addTo(CommandLine root, CommandContext context) {
    all(context).forEach(command -> root.addSubcommand(command));
    CommandErrors errors = new CommandErrors(context.err());
    var unused =
        root.setExecutionExceptionHandler(errors)
            .setParameterExceptionHandler(errors)
            .setOut(new PrintWriter(context.out(), true, context.out().charset()))
            // to fetch, "@file" is a request body, not more arguments
            .setExpandAtFiles(false);
  }

  /** All of them, each named by its {@code @Command}. */
  public static List<CommandLine> all(CommandContext context) {
    return Stream.of(
            new FetchCommand(context),
            new GetCommand(context),
            new ListCommand(context),
            new WatchCommand(context),
            new RecordsCommand(context),
            new MatchCommand(context),
            new BodyCommand(context),
            new AbortCommand(context),
            new OrderCommand.Pause(context),
            new OrderCommand.Resume(context),
            new OrderCommand.Release(context),
            new RetryCommand(context),
            new DeleteCommand(context),
            new CompletionCommand(context))
        .map(ClientCommands::commandLine)
        .toList();
  }

  private static CommandLine commandLine(Object command) {
    CommandLine line = new CommandLine(command);
    var unused =
        line.getCommandSpec()
            .usageMessage()
            .parameterListHeading("%nParameters:%n")
            .optionListHeading("%nOptions:%n");
    return line;
  }
}

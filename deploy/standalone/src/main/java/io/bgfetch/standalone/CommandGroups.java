package io.bgfetch.standalone;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import picocli.CommandLine.Help;

/** The commands in the help of the program: those that start something apart from the others. */
final class CommandGroups {
  private static final List<String> SERVERS =
      List.of("demo", "up", "backends", "gateway", "worker");
  private static final int INDENT = 2;
  private static final int GAP = 3;

  private CommandGroups() {}

  static String render(Help help) {
    Map<String, Help> servers = new LinkedHashMap<>();
    Map<String, Help> clients = new LinkedHashMap<>();
    help.subcommands()
        .forEach(
            (name, command) -> (SERVERS.contains(name) ? servers : clients).put(name, command));
    int width = help.subcommands().keySet().stream().mapToInt(String::length).max().orElse(0);
    return "%nStart something:%n".formatted()
        + lines(servers, width)
        + "%nUse it:%n".formatted()
        + lines(clients, width);
  }

  private static String lines(Map<String, Help> commands, int width) {
    return commands.entrySet().stream()
        .map(
            command ->
                " ".repeat(INDENT)
                    + command.getKey()
                    + " ".repeat(width - command.getKey().length() + GAP)
                    + String.join(" ", command.getValue().commandSpec().usageMessage().header())
                    + System.lineSeparator())
        .collect(Collectors.joining());
  }
}

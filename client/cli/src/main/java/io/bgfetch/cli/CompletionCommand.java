package io.bgfetch.cli;

import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "completion",
    header = "Prints what a shell needs to complete commands and options.",
    description = {
      "",
      "It works for the name bgfetch, wherever that is: also for ./bgfetch. Nothing is asked for"
          + " while a line is completed."
    },
    footer = {
      "",
      "bash, for this shell or in ~/.bashrc:",
      "  source <(./bgfetch completion bash)",
      "zsh, for this shell or in ~/.zshrc:",
      "  source <(./bgfetch completion zsh)"
    })
final class CompletionCommand implements Callable<Integer> {
  /** The shells that there is a script for. */
  enum Shell {
    bash,
    zsh
  }

  private final CommandContext context;

  @Spec private @Nullable CommandSpec spec;

  @Parameters(paramLabel = "SHELL", description = "bash or zsh.")
  private Shell shell = Shell.bash;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Shows this.")
  @SuppressWarnings("unused") // picocli acts on it
  private boolean help;

  CompletionCommand(CommandContext context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    if (spec != null) {
      CommandLine root = spec.root().commandLine();
      context.out().println("# Completes bgfetch in " + shell + ".");
      context.out().print(AutoComplete.bash(spec.root().name(), root));
      context.out().flush();
    }
    return 0;
  }
}

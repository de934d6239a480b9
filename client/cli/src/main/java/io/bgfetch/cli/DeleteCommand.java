package io.bgfetch.cli;

import io.bgfetch.client.BackgroundFetchRegistration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "delete",
    header = "Forgets everything about a fetch.",
    description = {"", "An active one is aborted first."})
final class DeleteCommand implements Callable<Integer> {
  private final CommandContext context;

  @Mixin private final GatewayOptions gateway;

  @Parameters(paramLabel = "ID", description = "Its id or uid.")
  private String ref = "";

  @Option(names = "--json", description = "Prints nothing, as the gateway's answer is empty.")
  private boolean json;

  DeleteCommand(CommandContext context) {
    this.context = context;
    this.gateway = new GatewayOptions(context);
  }

  @Override
  public Integer call() {
    BackgroundFetchRegistration registration = gateway.find(ref);
    registration.delete();
    if (!json) {
      context.out().println(ForeignText.clean(registration.id()) + ": deleted");
    }
    return 0;
  }
}

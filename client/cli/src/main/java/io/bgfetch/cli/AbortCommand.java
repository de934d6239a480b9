package io.bgfetch.cli;

import io.bgfetch.client.BackgroundFetchRegistration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "abort",
    header = "Aborts a fetch.",
    description = {"", "What has ended already stays as it is; the exit status is 0 then, too."})
final class AbortCommand implements Callable<Integer> {
  private final CommandContext context;

  @Mixin private final GatewayOptions gateway;

  @Parameters(paramLabel = "ID", description = "Its id or uid.")
  private String ref = "";

  @Option(names = "--json", description = "Prints the gateway's answer as JSON.")
  private boolean json;

  AbortCommand(CommandContext context) {
    this.context = context;
    this.gateway = new GatewayOptions(context);
  }

  @Override
  public Integer call() {
    BackgroundFetchRegistration registration = gateway.find(ref);
    boolean aborted = registration.abort();
    if (json) {
      context.out().println("{\"aborted\":" + aborted + "}");
    } else {
      String id = ForeignText.clean(registration.id());
      context.out().println(id + (aborted ? ": aborted" : ": had ended before"));
    }
    return 0;
  }
}

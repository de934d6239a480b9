package io.bgfetch.cli;

import io.bgfetch.client.BackgroundFetchRegistration;
import io.bgfetch.client.RegistrationState;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "watch",
    header = "Shows the progress of a fetch until its end.",
    description = {"", "The exit status is 1 if it failed."})
final class WatchCommand implements Callable<Integer> {
  private final CommandContext context;

  @Mixin private final GatewayOptions gateway;

  @Parameters(paramLabel = "ID", description = "Its id or uid.")
  private String ref = "";

  @Option(names = "--json", description = "Prints each state as a line of JSON.")
  private boolean json;

  WatchCommand(CommandContext context) {
    this.context = context;
    this.gateway = new GatewayOptions(context);
  }

  @Override
  public Integer call() {
    BackgroundFetchRegistration registration = gateway.find(ref);
    Following following = new Following(context);
    RegistrationState end = json ? following.print(registration) : following.show(registration);
    return end.result().equals("success") ? 0 : CommandFailure.FAILED;
  }
}

package io.bgfetch.cli;

import io.bgfetch.client.BackgroundFetchRegistration;
import io.bgfetch.client.RegistrationState;
import java.util.concurrent.Callable;
import java.util.function.Function;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** An order to one fetch that is answered with its new state. */
sealed class OrderCommand implements Callable<Integer> {
  private final CommandContext context;
  private final Function<BackgroundFetchRegistration, RegistrationState> order;
  private final String done;

  @Mixin private final GatewayOptions gateway;

  @Parameters(paramLabel = "ID", description = "Its id or uid.")
  private String ref = "";

  @Option(names = "--json", description = "Prints the registration as JSON.")
  private boolean json;

  private OrderCommand(
      CommandContext context,
      Function<BackgroundFetchRegistration, RegistrationState> order,
      String done) {
    this.context = context;
    this.order = order;
    this.done = done;
    this.gateway = new GatewayOptions(context);
  }

  @Override
  public Integer call() {
    BackgroundFetchRegistration registration = gateway.find(ref);
    RegistrationState state = order.apply(registration);
    context
        .out()
        .println(json ? registration.toJson() : ForeignText.clean(state.id()) + ": " + done);
    return 0;
  }

  @Command(
      name = "pause",
      header = "Pauses a fetch.",
      description = {"", "Only a fetch all of whose requests are GET can be paused."})
  static final class Pause extends OrderCommand {
    Pause(CommandContext context) {
      super(context, BackgroundFetchRegistration::pause, "paused");
    }
  }

  @Command(name = "resume", header = "Lets a paused fetch go on.")
  static final class Resume extends OrderCommand {
    Resume(CommandContext context) {
      super(context, BackgroundFetchRegistration::resume, "goes on");
    }
  }

  @Command(
      name = "release",
      header = "Lets go of the records of a fetch that has ended.",
      description = {"", "They cannot be read any more, and their bodies are deleted."})
  static final class Release extends OrderCommand {
    Release(CommandContext context) {
      super(context, BackgroundFetchRegistration::release, "released");
    }
  }
}

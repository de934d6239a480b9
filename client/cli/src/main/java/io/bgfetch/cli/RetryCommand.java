package io.bgfetch.cli;

import io.bgfetch.client.BackgroundFetchRegistration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "retry",
    header = "Registers the failed records of a fetch again, as a new fetch.",
    description = {"", "It has the same options, and the same id unless another is given."})
final class RetryCommand implements Callable<Integer> {
  private final CommandContext context;

  @Mixin private final GatewayOptions gateway;

  @Parameters(index = "0", paramLabel = "ID", description = "Its id or uid.")
  private String ref = "";

  @Option(names = "--id", paramLabel = "ID", description = "The id of the new fetch.")
  private @Nullable String newId;

  @Option(names = "--json", description = "Prints the new registration as JSON.")
  private boolean json;

  RetryCommand(CommandContext context) {
    this.context = context;
    this.gateway = new GatewayOptions(context);
  }

  @Override
  public Integer call() {
    BackgroundFetchRegistration again = gateway.find(ref).retry(newId);
    long records = again.state().records().total();
    context
        .out()
        .println(
            json
                ? again.toJson()
                : ForeignText.clean(again.id())
                    + ": registered "
                    + Quantity.count(records, "record")
                    + " again, uid "
                    + again.uid());
    return 0;
  }
}

package io.bgfetch.cli;

import io.bgfetch.client.BackgroundFetchRecord;
import io.bgfetch.client.Listing;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "records", header = "Lists the records of a fetch.")
final class RecordsCommand implements Callable<Integer> {
  private final CommandContext context;

  @Mixin private final GatewayOptions gateway;

  @Parameters(paramLabel = "ID", description = "Its id or uid.")
  private String ref = "";

  @Option(
      names = "--result",
      split = ",",
      paramLabel = "RESULT",
      description = {
        "Only those that ended so: success, bad-status, fetch-error,",
        "download-total-exceeded, quota-exceeded, aborted."
      })
  private List<String> results = new ArrayList<>();

  @Mixin private final LimitOption limit = new LimitOption();

  @Option(names = "--json", description = "Prints the list as JSON.")
  private boolean json;

  RecordsCommand(CommandContext context) {
    this.context = context;
    this.gateway = new GatewayOptions(context);
  }

  @Override
  public Integer call() {
    Listing<BackgroundFetchRecord> records =
        gateway.find(ref).records(results.toArray(String[]::new));
    if (json) {
      new JsonPages<>(context.out(), "records", BackgroundFetchRecord::toJson)
          .print(records, limit.orAll());
    } else {
      new RecordTable(context).print(limit.walk(records));
    }
    return 0;
  }
}

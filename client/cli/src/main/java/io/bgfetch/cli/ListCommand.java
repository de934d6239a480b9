package io.bgfetch.cli;

import io.bgfetch.cli.Table.Cell;
import io.bgfetch.client.BackgroundFetchManager;
import io.bgfetch.client.BackgroundFetchRegistration;
import io.bgfetch.client.Listing;
import io.bgfetch.client.RegistrationState;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(name = "list", header = "Lists fetches, newest first.")
final class ListCommand implements Callable<Integer> {
  private final CommandContext context;

  @Mixin private final GatewayOptions gateway;

  @Option(names = "--active", description = "Only those that have not ended.")
  private boolean active;

  @Mixin private final LimitOption limit = new LimitOption();

  @Option(names = "--json", description = "Prints the list as JSON.")
  private boolean json;

  ListCommand(CommandContext context) {
    this.context = context;
    this.gateway = new GatewayOptions(context);
  }

  @Override
  public Integer call() {
    BackgroundFetchManager manager = gateway.connect();
    Listing<BackgroundFetchRegistration> listing = active ? manager.listActive() : manager.list();
    if (json) {
      new JsonPages<>(context.out(), "registrations", BackgroundFetchRegistration::toJson)
          .print(listing, limit.orAll());
    } else {
      show(listing);
    }
    return 0;
  }

  private void show(Listing<BackgroundFetchRegistration> listing) {
    Table table =
        new Table(
            context.out(),
            context.terminal(),
            Set.of("RECORDS", "DOWNLOADED"),
            "ID",
            "UID",
            "STATE",
            "RECORDS",
            "DOWNLOADED",
            "CREATED",
            "TITLE");
    boolean read =
        limit.walk(listing).map(BackgroundFetchRegistration::state).allMatch(s -> row(table, s));
    if (read) {
      var unused = table.flush();
    }
  }

  private boolean row(Table table, RegistrationState state) {
    return table.row(
        Cell.of(ForeignText.clean(state.id())),
        Cell.of(state.uid()),
        new Cell(Ending.result(state), Colour.ofResult(state.result())),
        Cell.of(state.records().settled() + "/" + state.records().total()),
        Cell.of(Quantity.bytes(state.downloaded())),
        Cell.of(Quantity.time(state.createdAt(), context.zone())),
        Cell.of(ForeignText.clean(state.title())));
  }
}

package io.bgfetch.cli;

import io.bgfetch.client.BackgroundFetchRegistration;
import io.bgfetch.client.RegistrationState;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "get",
    header = "Shows a fetch.",
    description = {"", "An id means the active fetch of that id, else the latest one."})
final class GetCommand implements Callable<Integer> {
  private static final int LABEL = 12;

  private final CommandContext context;

  @Mixin private final GatewayOptions gateway;

  @Parameters(paramLabel = "ID", description = "Its id or uid.")
  private String ref = "";

  @Option(names = "--json", description = "Prints the registration as JSON.")
  private boolean json;

  GetCommand(CommandContext context) {
    this.context = context;
    this.gateway = new GatewayOptions(context);
  }

  @Override
  public Integer call() {
    BackgroundFetchRegistration registration = gateway.find(ref);
    if (json) {
      context.out().println(registration.toJson());
    } else {
      show(registration.state());
    }
    return 0;
  }

  private void show(RegistrationState state) {
    line("id", ForeignText.clean(state.id()));
    line("uid", state.uid());
    if (!state.title().isEmpty()) {
      line("title", ForeignText.clean(state.title()));
    }
    String result = Ending.result(state);
    line("state", Colour.ofResult(state.result()).paint(result, context.terminal()));
    var counts = state.records();
    line(
        "records",
        "%d of %d ended, %d succeeded, %d failed%s"
            .formatted(
                counts.settled(),
                counts.total(),
                counts.succeeded(),
                counts.failed(),
                state.recordsAvailable() ? "" : " (no longer readable)"));
    line("downloaded", share(state.downloaded(), state.downloadTotal()));
    if (state.uploadTotal() > 0) {
      line("uploaded", share(state.uploaded(), state.uploadTotal()));
    }
    line("created", Quantity.time(state.createdAt(), context.zone()));
    if (!state.active()) {
      line("ended", Quantity.time(state.endedAt(), context.zone()));
      line("expires", Quantity.time(state.expiresAt(), context.zone()));
    }
  }

  private static String share(long bytes, long total) {
    return Quantity.bytes(bytes) + (total > 0 ? " of " + Quantity.bytes(total) : "");
  }

  private void line(String label, String value) {
    String padded = label + " ".repeat(LABEL - label.length());
    context.out().println(Colour.FAINT.paint(padded, context.terminal()) + value);
  }
}

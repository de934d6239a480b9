package io.bgfetch.standalone;

import io.bgfetch.gateway.GatewayMain;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
    name = "gateway",
    header = "Runs one gateway, configured by the environment.",
    description = {
      "",
      "It needs BGFETCH_POSTGRES_URI and BGFETCH_KAFKA_BOOTSTRAP_SERVERS, and waits 30 s for both."
          + " It logs to standard error."
    },
    optionListHeading = "%nOptions:%n")
final class GatewayCommand implements Callable<Integer> {
  @Mixin
  @SuppressWarnings("unused") // picocli acts on it
  private final HelpOption help = new HelpOption();

  /** Ends by a signal only: a gateway that cannot start ends the process itself. */
  @Override
  public Integer call() throws InterruptedException {
    ServerLog.toConsole();
    GatewayMain.main(new String[0]);
    new CountDownLatch(1).await();
    return 0;
  }
}

package io.bgfetch.standalone;

import io.bgfetch.worker.WorkerMain;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
    name = "worker",
    header = "Runs one worker, configured by the environment.",
    description = {
      "",
      "It needs BGFETCH_KAFKA_BOOTSTRAP_SERVERS, and waits 30 s for Kafka and for the topics, which"
          + " the first gateway makes. It logs to standard error."
    },
    optionListHeading = "%nOptions:%n")
final class WorkerCommand implements Callable<Integer> {
  @Mixin
  @SuppressWarnings("unused") // picocli acts on it
  private final HelpOption help = new HelpOption();

  /** Ends by a signal only: a worker that cannot start ends the process itself. */
  @Override
  public Integer call() throws InterruptedException {
    ServerLog.toConsole();
    WorkerMain.main(new String[0]);
    new CountDownLatch(1).await();
    return 0;
  }
}

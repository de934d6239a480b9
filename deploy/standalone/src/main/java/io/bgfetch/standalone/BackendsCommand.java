package io.bgfetch.standalone;

import io.bgfetch.backends.Backends;
import io.bgfetch.backends.BackendsConfig;
import io.bgfetch.cli.CommandContext;
import io.bgfetch.config.Settings;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "backends",
    header = "Runs an embedded Postgres and Kafka for gateways and workers on this machine.",
    description = {
      "",
      "When both are ready it prints the two settings that gateway and worker need. The data stay"
          + " when it ends. Not meant for more than one machine."
    },
    optionListHeading = "%nOptions:%n")
final class BackendsCommand implements Callable<Integer> {
  private final CommandContext context;

  @Mixin private final DataDirOption dataDir = new DataDirOption();

  @Option(
      names = "--postgres-port",
      paramLabel = "PORT",
      description = "Port of 127.0.0.1; else that of the last start, else any free one.")
  private @Nullable Integer postgresPort;

  @Option(names = "--kafka-port", paramLabel = "PORT", description = "The same for Kafka.")
  private @Nullable Integer kafkaPort;

  @Mixin
  @SuppressWarnings("unused") // picocli acts on it
  private final HelpOption help = new HelpOption();

  BackendsCommand(CommandContext context) {
    this.context = context;
  }

  @Override
  public Integer call() throws InterruptedException {
    Path directory = dataDir.path(Settings.ofProcess());
    Path log = ServerLog.toFile(directory, "backends.log");
    ProcessResources resources = ProcessResources.closedBySignal();
    Backends backends = start(directory, log);
    resources.own(backends);
    tell(backends);
    resources.awaitSignal();
    return 0;
  }

  private Backends start(Path directory, Path log) {
    try {
      return Backends.start(
          new BackendsConfig(
              directory,
              Ports.checked("--postgres-port", postgresPort),
              Ports.checked("--kafka-port", kafkaPort)));
    } catch (RuntimeException e) {
      throw StartFailure.of(e, log);
    }
  }

  private void tell(Backends backends) {
    PrintStream out = context.out();
    out.println("BGFETCH_POSTGRES_URI=" + backends.postgresUri());
    out.println("BGFETCH_KAFKA_BOOTSTRAP_SERVERS=" + backends.kafkaBootstrapServers());
    out.flush();
  }
}

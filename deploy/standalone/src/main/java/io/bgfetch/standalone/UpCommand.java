package io.bgfetch.standalone;

import io.bgfetch.cli.CommandContext;
import io.bgfetch.cli.CommandFailure;
import io.bgfetch.config.Settings;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "up",
    header = "Runs everything in one process: Postgres, Kafka, a gateway and workers.",
    description = {
      "",
      "All settings of the gateway and of workers count, but for those of Postgres and Kafka, which"
          + " are embedded. The data stay when it ends."
    },
    optionListHeading = "%nOptions:%n")
final class UpCommand implements Callable<Integer> {
  private static final int MOST_WORKERS = 64;

  private final CommandContext context;

  @Option(
      names = "--port",
      paramLabel = "PORT",
      description =
          "Where the gateway listens; else BGFETCH_HTTP_PORT, else 8080. 0: any free one.")
  private @Nullable Integer port;

  @Mixin private final DataDirOption dataDir = new DataDirOption();

  @Option(names = "--workers", paramLabel = "N", description = "How many workers; 1.")
  private int workers = 1;

  @Mixin
  @SuppressWarnings("unused") // picocli acts on it
  private final HelpOption help = new HelpOption();

  UpCommand(CommandContext context) {
    this.context = context;
  }

  @Override
  public Integer call() throws InterruptedException {
    Settings settings = settings();
    Path directory = dataDir.path(settings);
    LocalCluster.Plan plan = LocalCluster.Plan.of(settings, directory, workers);
    plan.requirePort("--port");
    Path log = ServerLog.toFile(directory, "bgfetch.log");
    ProcessResources resources = ProcessResources.closedBySignal();
    announce(settings, directory, log);
    ready(LocalCluster.start(plan, resources, log));
    resources.awaitSignal();
    return 0;
  }

  private Settings settings() {
    if (workers < 1 || workers > MOST_WORKERS) {
      throw new CommandFailure(
          CommandFailure.UNUSABLE,
          "--workers is " + workers + ", not between 1 and " + MOST_WORKERS);
    }
    Settings settings = Settings.ofProcess();
    if (port == null) {
      return settings;
    }
    var checked = Ports.checked("--port", port);
    return settings.with(Map.of("BGFETCH_HTTP_PORT", Integer.toString(checked.orElse(0))));
  }

  private void announce(Settings settings, Path directory, Path log) {
    PrintStream out = context.out();
    out.println("Starting Postgres, Kafka, a gateway and " + workers() + " ...");
    out.println("  data  " + directory);
    out.println("  log   " + log);
    out.println("  open  " + opened(settings));
    out.println("  stop  Ctrl-C; the data stay");
    out.flush();
  }

  private static String opened(Settings settings) {
    return settings
        .text("BGFETCH_EGRESS_ALLOW")
        .map(allowed -> "the Internet and " + allowed)
        .orElse(
            "the Internet; not this machine or its network, unless with"
                + " BGFETCH_EGRESS_ALLOW=127.0.0.0/8 or the like");
  }

  private void ready(LocalCluster cluster) {
    context.out().println("  kafka " + cluster.kafka() + ", for subscribers of bgfetch.progress");
    context.out().println("bgfetch is ready on " + cluster.url() + " with " + workers());
    context.out().flush();
  }

  private String workers() {
    return workers == 1 ? "1 worker" : workers + " workers";
  }
}

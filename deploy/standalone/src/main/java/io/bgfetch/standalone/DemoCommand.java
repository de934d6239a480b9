package io.bgfetch.standalone;

import io.bgfetch.cli.CommandContext;
import io.bgfetch.cli.CommandFailure;
import io.bgfetch.cli.ProgressView;
import io.bgfetch.client.BackgroundFetchManager;
import io.bgfetch.client.BackgroundFetchOptions;
import io.bgfetch.client.BackgroundFetchRegistration;
import io.bgfetch.client.RegistrationState;
import io.bgfetch.config.Settings;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "demo",
    header = "Shows a background fetch from its registration to its last byte.",
    description = {
      "",
      "It starts what up starts, on free ports and a temporary directory, and a web server with"
          + " sample files; registers the files, follows the progress, lists the records, and reads"
          + " every body back to compare it with its file. It leaves nothing behind.",
      "",
      "The exit status is 0 only if all bodies are identical."
    },
    optionListHeading = "%nOptions:%n")
final class DemoCommand implements Callable<Integer> {
  private final CommandContext context;

  @Option(names = "--keep", description = "Keeps the temporary directory.")
  private boolean keep;

  @Mixin
  @SuppressWarnings("unused") // picocli acts on it
  private final HelpOption help = new HelpOption();

  DemoCommand(CommandContext context) {
    this.context = context;
  }

  @Override
  public Integer call() throws IOException {
    TemporaryDirectory directory = TemporaryDirectory.create("bgfetch-demo-", keep);
    Path log = ServerLog.toFile(directory.path().resolve("data"), "bgfetch.log");
    ProcessResources resources = ProcessResources.closedBySignal();
    resources.own(directory);
    try (resources) {
      boolean identical = show(directory.path(), log, resources);
      sayWhatStays(directory.path());
      return identical ? 0 : CommandFailure.FAILED;
    }
  }

  private boolean show(Path directory, Path log, ProcessResources resources) throws IOException {
    PrintStream out = context.out();
    out.println("Starting Postgres, Kafka, a gateway and a worker in " + directory + " ...");
    LocalCluster cluster = LocalCluster.start(plan(directory.resolve("data")), resources, log);
    out.println("The gateway answers on " + cluster.url());

    SampleFiles samples = SampleFiles.create(directory.resolve("samples"));
    SampleOrigin origin = SampleOrigin.start(samples);
    resources.own(origin);
    out.printf(
        "A web server on %s has %d sample files, %s together, one of them behind a redirect%n%n",
        origin.url(), samples.files().size(), SampleFiles.size(samples.bytes()));

    BackgroundFetchRegistration registration =
        BackgroundFetchManager.of(cluster.url())
            .fetch(
                "demo",
                origin.requests(),
                BackgroundFetchOptions.none()
                    .withBase(origin.url())
                    .withTitle("Sample files")
                    .withDownloadTotal(samples.bytes()));
    RegistrationState end = follow(registration);
    out.println();
    boolean identical = new DemoRecords(out, samples).compare(registration);
    return identical && end.result().equals("success");
  }

  /** The demonstration is about this machine, so it opens what is closed by default. */
  private static LocalCluster.Plan plan(Path dataDir) {
    Settings settings =
        Settings.ofProcess()
            .with(
                Map.of(
                    "BGFETCH_HTTP_HOST", "127.0.0.1",
                    "BGFETCH_HTTP_PORT", "0",
                    "BGFETCH_BLOBS", "file:" + dataDir.resolve("blobs"),
                    "BGFETCH_EGRESS_ALLOW", "127.0.0.0/8"));
    return LocalCluster.Plan.of(settings, dataDir, 1);
  }

  private RegistrationState follow(BackgroundFetchRegistration registration) {
    try (ProgressView view = ProgressView.on(context.out(), context.terminal())) {
      return registration.follow(event -> view.show(event.registration()));
    }
  }

  private void sayWhatStays(Path directory) {
    PrintStream out = context.out();
    out.println();
    if (keep) {
      out.println("Data, logs and samples are kept in " + directory);
    }
    out.println("Next: ./bgfetch up, then ./bgfetch fetch my-fetch https://example.com/ --watch");
  }
}

package io.bgfetch.cli;

import io.bgfetch.client.BackgroundFetchOptions;
import io.bgfetch.client.BackgroundFetchRegistration;
import io.bgfetch.client.RegistrationState;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "fetch",
    header = "Registers a background fetch.",
    description = {
      "",
      "Workers perform it, whatever becomes of this command. With --watch or --output it is"
          + " followed to its end; the exit status then is 1 if it failed."
    },
    footer = {
      "",
      "Examples:",
      "  bgfetch fetch my-fetch https://example.com/ep-5.mp3 --watch --output .",
      "  bgfetch fetch nightly --from-file urls.txt --title 'Nightly mirror'"
    })
final class FetchCommand implements Callable<Integer> {
  private final CommandContext context;

  @Mixin private final GatewayOptions gateway;

  @Spec private @Nullable CommandSpec spec;

  @Parameters(index = "0", paramLabel = "ID", description = "What you call it.")
  private String id = "";

  @Parameters(index = "1..*", paramLabel = "URL", description = "What to fetch.")
  private List<String> urls = new ArrayList<>();

  @Option(
      names = "--from-file",
      paramLabel = "FILE",
      description = "More of it: a URL or a JSON request a line; - is standard input.")
  private @Nullable String fromFile;

  @Option(names = "--title", paramLabel = "TITLE", description = "What people are shown.")
  private @Nullable String title;

  @Option(
      names = "--download-total",
      paramLabel = "BYTES",
      description = "The most that may be downloaded.")
  private @Nullable Long downloadTotal;

  @Option(
      names = {"-X", "--request"},
      paramLabel = "METHOD",
      description = "For every URL; GET, or POST with --data.")
  private @Nullable String method;

  @Option(
      names = {"-H", "--header"},
      paramLabel = "HEADER",
      description = "'name: value' for every URL; may be repeated.")
  private List<String> headers = new ArrayList<>();

  @Option(
      names = "--data",
      paramLabel = "TEXT|@FILE",
      description = "The request body for every URL; @- is standard input.")
  private @Nullable String data;

  @Option(
      names = "--output",
      paramLabel = "DIR",
      description = "Follows it, then saves the bodies there.")
  private @Nullable String output;

  @Option(names = "--watch", description = "Follows it and shows its progress.")
  private boolean watch;

  @Option(
      names = "--json",
      description = "Prints the registration as JSON, with --watch each state.")
  private boolean json;

  FetchCommand(CommandContext context) {
    this.context = context;
    this.gateway = new GatewayOptions(context);
  }

  @Override
  public Integer call() {
    refuseWhatCannotBe();
    BodyFiles files = output == null ? null : BodyFiles.in(output, context);
    BackgroundFetchRegistration registration = register();
    announce(registration);
    if (!watch && files == null) {
      return 0;
    }
    RegistrationState end = follow(registration);
    boolean saved = files == null || files.save(registration);
    return saved && end.result().equals("success") ? 0 : CommandFailure.FAILED;
  }

  private void refuseWhatCannotBe() {
    if (spec != null && urls.isEmpty() && fromFile == null) {
      throw new ParameterException(spec.commandLine(), "Nothing to fetch: no URL, no --from-file");
    }
    if (spec != null && "-".equals(fromFile) && "@-".equals(data)) {
      throw new ParameterException(
          spec.commandLine(), "Standard input cannot be both --from-file and --data");
    }
  }

  private BackgroundFetchRegistration register() {
    RequestTemplate template = RequestTemplate.of(method, headers, data, context.in());
    return new RequestList(template, urls, fromFile, context.in())
        .register(gateway.connect(), id, options());
  }

  private BackgroundFetchOptions options() {
    BackgroundFetchOptions options = BackgroundFetchOptions.none();
    if (title != null) {
      options = options.withTitle(title);
    }
    return downloadTotal == null ? options : options.withDownloadTotal(downloadTotal);
  }

  private void announce(BackgroundFetchRegistration registration) {
    if (json) {
      context.out().println(registration.toJson());
      return;
    }
    context
        .out()
        .println(
            ForeignText.clean(registration.id())
                + ": registered, "
                + Quantity.count(registration.state().records().total(), "request")
                + ", "
                + registration.uid());
    if (!watch && output == null && context.terminal().interactive()) {
      context.err().println("To follow it: bgfetch watch " + Following.command(registration));
    }
  }

  private RegistrationState follow(BackgroundFetchRegistration registration) {
    Following following = new Following(context);
    if (!json) {
      return following.show(registration);
    }
    return watch ? following.print(registration) : following.await(registration);
  }
}

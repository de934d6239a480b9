package io.bgfetch.cli;

import io.bgfetch.client.BackgroundFetchRecord;
import io.bgfetch.client.BackgroundFetchRegistration;
import io.bgfetch.client.CacheQueryOptions;
import io.bgfetch.client.FetchRequest;
import io.bgfetch.client.Listing;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "match",
    header = "Finds the record of a URL.",
    description = {"", "The exit status is 1 if there is none."})
final class MatchCommand implements Callable<Integer> {
  private final CommandContext context;

  @Mixin private final GatewayOptions gateway;

  @Parameters(index = "0", paramLabel = "ID", description = "The fetch's id or uid.")
  private String ref = "";

  @Parameters(index = "1", paramLabel = "URL", description = "Whose record is wanted.")
  private String url = "";

  @Option(names = "--all", description = "All records of the URL, not only the first.")
  private boolean all;

  @Option(
      names = {"-H", "--header"},
      paramLabel = "HEADER",
      description = "'name: value' to compare where the response varies by it; may be repeated.")
  private List<String> headers = new ArrayList<>();

  @Option(names = "--ignore-search", description = "Looks away from the URL's query.")
  private boolean ignoreSearch;

  @Option(names = "--ignore-method", description = "Finds records of every method, not only GET.")
  private boolean ignoreMethod;

  @Option(names = "--ignore-vary", description = "Looks away from the response's Vary.")
  private boolean ignoreVary;

  @Option(names = "--json", description = "Prints the gateway's answer as JSON.")
  private boolean json;

  MatchCommand(CommandContext context) {
    this.context = context;
    this.gateway = new GatewayOptions(context);
  }

  @Override
  public Integer call() {
    FetchRequest request = RequestTemplate.of(null, headers, null, context.in()).of(url);
    var options = new CacheQueryOptions(ignoreSearch, ignoreMethod, ignoreVary);
    BackgroundFetchRegistration registration = gateway.find(ref);
    return all
        ? all(registration.matchAll(request, options))
        : first(registration.match(request, options));
  }

  private int first(Optional<BackgroundFetchRecord> found) {
    if (json) {
      String record = found.map(BackgroundFetchRecord::toJson).orElse("null");
      context.out().println("{\"record\":" + record + "}");
    } else if (found.isPresent()) {
      new RecordTable(context).print(found.stream());
    }
    return orNone(found.isPresent());
  }

  private int all(Listing<BackgroundFetchRecord> found) {
    boolean any = !found.page(1, null).items().isEmpty();
    if (json) {
      new JsonPages<>(context.out(), "records", BackgroundFetchRecord::toJson)
          .print(found, Long.MAX_VALUE);
    } else if (any) {
      new RecordTable(context).print(found.stream());
    }
    return orNone(any);
  }

  private int orNone(boolean any) {
    if (!any && !json) {
      throw new CommandFailure(
          CommandFailure.FAILED, "no record of " + ForeignText.shellWord(ref) + " matches " + url);
    }
    return any ? 0 : CommandFailure.FAILED;
  }
}

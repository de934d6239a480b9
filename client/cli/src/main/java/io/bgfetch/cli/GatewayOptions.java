package io.bgfetch.cli;

import io.bgfetch.client.BackgroundFetchManager;
import io.bgfetch.client.BackgroundFetchRegistration;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/**
 * Which gateways a command speaks to. The key comes only by the environment: others see arguments.
 */
final class GatewayOptions {
  private static final String DEFAULT = "http://127.0.0.1:8080";

  /** People who wait see nothing meanwhile. */
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final CommandContext context;

  @Option(
      names = "--url",
      paramLabel = "URL",
      description = {
        "The gateway; else BGFETCH_URL, else " + DEFAULT + ".",
        "Several of the same service: separated by commas."
      })
  private @Nullable String url;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Shows this.")
  @SuppressWarnings("unused") // picocli acts on it
  private boolean help;

  GatewayOptions(CommandContext context) {
    this.context = context;
  }

  /** A client of them. Where none can be reached at all a person is told at once. */
  BackgroundFetchManager connect() {
    String source = url != null ? "--url" : "BGFETCH_URL";
    String given = url != null ? url : context.environment().getOrDefault("BGFETCH_URL", DEFAULT);
    List<URI> addresses = Stream.of(given.split(",")).map(text -> address(source, text)).toList();
    try {
      return BackgroundFetchManager.builder(
              addresses.get(0), addresses.stream().skip(1).toArray(URI[]::new))
          .apiKey(apiKey())
          .awaitGateway(false)
          .retryTimeout(PATIENCE)
          .build();
    } catch (IllegalArgumentException e) {
      throw noAddress(source, given);
    }
  }

  private static URI address(String source, String text) {
    try {
      return URI.create(text.strip());
    } catch (IllegalArgumentException e) {
      throw noAddress(source, text);
    }
  }

  private static CommandFailure noAddress(String source, String text) {
    return new CommandFailure(
        CommandFailure.UNUSABLE, source + " is not an http or https URL: " + text.strip());
  }

  private @Nullable String apiKey() {
    String key = context.environment().getOrDefault("BGFETCH_API_KEY", "").strip();
    if (!key.matches("[!-~]*")) { // what it is instead is nobody's business
      throw new CommandFailure(
          CommandFailure.UNUSABLE,
          "BGFETCH_API_KEY is not a key: it has blanks or characters that are not ASCII");
    }
    return key.isEmpty() ? null : key;
  }

  /** The registration that this id or uid means. */
  BackgroundFetchRegistration find(String ref) {
    return connect()
        .find(ref)
        .orElseThrow(
            () ->
                new CommandFailure(
                    CommandFailure.FAILED, "there is no fetch " + ForeignText.shellWord(ref)));
  }
}

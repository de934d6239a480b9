package io.bgfetch.cli;

import io.bgfetch.client.BackgroundFetchManager;
import io.bgfetch.client.BackgroundFetchRegistration;
import java.net.URI;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/**
 * Which gateway a command speaks to. The key comes only by the environment: others see arguments.
 */
final class GatewayOptions {
  private static final String DEFAULT = "http://127.0.0.1:8080";

  private final CommandContext context;

  @Option(
      names = "--url",
      paramLabel = "URL",
      description = "The gateway; else BGFETCH_URL, else " + DEFAULT + ".")
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

  /** A client of that gateway. */
  BackgroundFetchManager connect() {
    String source = url != null ? "--url" : "BGFETCH_URL";
    String address =
        url != null ? url : context.environment().getOrDefault("BGFETCH_URL", DEFAULT).strip();
    try {
      return BackgroundFetchManager.builder(URI.create(address)).apiKey(apiKey()).build();
    } catch (IllegalArgumentException e) {
      throw new CommandFailure(
          CommandFailure.UNUSABLE, source + " is not an http or https URL: " + address);
    }
  }

  private @Nullable String apiKey() {
    String key = context.environment().getOrDefault("BGFETCH_API_KEY", "").strip();
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

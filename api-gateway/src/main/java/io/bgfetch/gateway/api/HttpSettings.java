package io.bgfetch.gateway.api;

import io.bgfetch.config.SettingException;
import io.bgfetch.config.Settings;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Where the gateway listens and who may talk to it.
 *
 * @param port 0 for any free one
 * @param origins of web pages, {@code scheme://host[:port]}, that may use it beside its own
 * @param keys who may use it
 */
public record HttpSettings(String host, int port, Set<String> origins, ApiKeys keys) {

  private static final String HOST = "BGFETCH_HTTP_HOST";
  private static final String ORIGINS = "BGFETCH_HTTP_ORIGINS";

  public HttpSettings {
    origins = Set.copyOf(origins);
  }

  /** Reads them; without authentication only loopback is listened on, unless insisted on. */
  public static HttpSettings from(Settings settings) {
    String host = settings.text(HOST, "127.0.0.1");
    ApiKeys keys = ApiKeys.from(settings);
    boolean insecure = settings.flag("BGFETCH_HTTP_INSECURE", false);
    if (keys.isEmpty() && !insecure && !isLoopback(host)) {
      throw new SettingException(
          HOST,
          "is "
              + host
              + ", which others can reach, and there is no authentication:"
              + " set BGFETCH_API_KEYS, or BGFETCH_HTTP_INSECURE=true if that is meant");
    }
    return new HttpSettings(
        host, settings.number("BGFETCH_HTTP_PORT", 8080, 0, 65_535), origins(settings), keys);
  }

  private static Set<String> origins(Settings settings) {
    return Arrays.stream(settings.text(ORIGINS, "").split(",", -1))
        .map(String::strip)
        .filter(origin -> !origin.isEmpty())
        .peek(HttpSettings::requireOrigin)
        .collect(Collectors.toUnmodifiableSet());
  }

  private static void requireOrigin(String origin) {
    if (!origin.matches("https?://[^/?#@]+")) {
      throw new SettingException(ORIGINS, "has \"" + origin + "\", not http(s)://host[:port]");
    }
  }

  private static boolean isLoopback(String host) {
    try {
      return InetAddress.getByName(host).isLoopbackAddress();
    } catch (UnknownHostException e) {
      throw new SettingException(HOST, "is \"" + host + "\", which is no host");
    }
  }
}

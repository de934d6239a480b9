package io.bgfetch.lane;

import io.bgfetch.config.SettingException;
import io.bgfetch.config.Settings;
import io.bgfetch.url.WebUrl;
import io.bgfetch.url.WebUrlException;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The limits of all hosts: one for everybody, and those that an operator set for some. Gateways
 * compute lanes from them and workers shares, so all processes of a cluster are told the same.
 * Immutable.
 */
public final class HostLimits {

  private static final String CONCURRENCY = "BGFETCH_HOST_CONCURRENCY";
  private static final String RATE = "BGFETCH_HOST_RATE";
  private static final String OVERRIDES = "BGFETCH_HOST_LIMITS";
  private static final int MOST_CONCURRENCY = 100_000;
  private static final double MOST_RATE = 1_000_000_000;

  /** {@code host[:port]=concurrency[/rate]}; an IPv6 address stands in brackets. */
  private static final Pattern OVERRIDE =
      Pattern.compile(
          "(?<host>\\[[0-9A-Fa-f:.]+]|[^\\s=:/\\[\\]]+)(?<port>:\\d{1,5})?"
              + "=(?<concurrency>\\d{1,6})(/(?<rate>\\d{1,9}(\\.\\d{1,9})?))?");

  private final HostLimit general;
  private final Map<String, HostLimit> byHost;

  private HostLimits(HostLimit general, Map<String, HostLimit> byHost) {
    this.general = general;
    this.byHost = Map.copyOf(byHost);
  }

  /** The same limit for every host. */
  public static HostLimits same(HostLimit limit) {
    return new HostLimits(limit, Map.of());
  }

  /**
   * Reads them.
   *
   * @throws SettingException that names the setting that cannot be read
   */
  public static HostLimits from(Settings settings) {
    int concurrency = settings.number(CONCURRENCY, 64, 1, MOST_CONCURRENCY);
    double rate = settings.text(RATE).map(text -> readRate(RATE, text)).orElse(HostLimit.ANY_RATE);
    HostLimit general = new HostLimit(concurrency, rate);
    Map<String, HostLimit> byHost = new HashMap<>();
    for (String entry : settings.text(OVERRIDES, "").split(",")) {
      if (!entry.isBlank()) {
        readOverride(entry.strip(), general, byHost);
      }
    }
    return new HostLimits(general, byHost);
  }

  /**
   * The limit of a host: its own, or that of its name on every port, or everybody's.
   *
   * @param host {@code host:port}, as {@link WebUrl#authority} gives it
   */
  public HostLimit of(String host) {
    HostLimit own = byHost.get(host);
    if (own == null && !byHost.isEmpty()) {
      own = byHost.get(host.substring(0, host.lastIndexOf(':')));
    }
    return Objects.requireNonNullElse(own, general);
  }

  private static void readOverride(String entry, HostLimit general, Map<String, HostLimit> into) {
    Matcher parts = OVERRIDE.matcher(entry);
    if (!parts.matches()) {
      throw unreadable(entry);
    }
    double rate =
        parts.group("rate") == null ? general.rate() : readRate(OVERRIDES, parts.group("rate"));
    int concurrency = Integer.parseInt(parts.group("concurrency"));
    if (concurrency < 1 || concurrency > MOST_CONCURRENCY) {
      throw unreadable(entry);
    }
    if (into.put(hostOf(entry, parts), new HostLimit(concurrency, rate)) != null) {
      throw new SettingException(OVERRIDES, "names the host of \"" + entry + "\" twice");
    }
  }

  /** As URLs write it: in lower case, in Punycode, without leading zeros. */
  private static String hostOf(String entry, Matcher parts) {
    String port = parts.group("port");
    try {
      WebUrl url = WebUrl.parse("http://" + parts.group("host") + Objects.toString(port, "") + "/");
      return port == null ? url.host() : url.authority();
    } catch (WebUrlException noHost) {
      throw unreadable(entry);
    }
  }

  private static double readRate(String setting, String text) {
    try {
      double rate = Double.parseDouble(text);
      if (rate > 0 && rate <= MOST_RATE) {
        return rate;
      }
    } catch (NumberFormatException notOne) {
      // said below
    }
    throw new SettingException(
        setting, "has \"" + text + "\", not a number of fetches a second like 50 or 0.5");
  }

  private static SettingException unreadable(String entry) {
    return new SettingException(
        OVERRIDES,
        "has \"" + entry + "\", not host[:port]=concurrency[/rate] like example.com=8/50");
  }
}

package io.bgfetch.seal;

import io.bgfetch.config.Settings;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;

/**
 * Which headers carry secrets.
 *
 * @param names in lower case
 */
public record SecretHeaders(Set<String> names) {

  /** Those that always do. */
  public static final SecretHeaders STANDARD =
      new SecretHeaders(Set.of("authorization", "cookie", "proxy-authorization", "x-api-key"));

  public SecretHeaders {
    names = Set.copyOf(names);
  }

  /** The standard ones and those that are set. */
  public static SecretHeaders from(Settings settings) {
    Set<String> names = new HashSet<>(STANDARD.names);
    Arrays.stream(settings.text("BGFETCH_SECRET_HEADERS", "").split(","))
        .map(name -> name.strip().toLowerCase(Locale.ROOT))
        .filter(name -> !name.isEmpty())
        .forEach(names::add);
    return new SecretHeaders(names);
  }

  /** Whether the header of this lower-case name does. */
  public boolean contains(String name) {
    return names.contains(name);
  }
}

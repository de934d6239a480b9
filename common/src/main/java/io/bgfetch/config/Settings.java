package io.bgfetch.config;

import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeMap;

/**
 * The settings of a process by their names, {@code BGFETCH_…}: the environment, over which a system
 * property of the same name in lower case with dots wins. Every getter names the setting when its
 * value cannot be read. Immutable.
 */
public final class Settings {

  private final Map<String, String> values;

  private Settings(Map<String, String> values) {
    this.values = Map.copyOf(values);
  }

  /** The settings of this process. */
  public static Settings ofProcess() {
    return of(System.getenv(), System.getProperties());
  }

  /** Settings from an environment and system properties. */
  public static Settings of(Map<String, String> environment, Properties properties) {
    Map<String, String> values = new HashMap<>();
    environment.forEach((name, value) -> putOwn(values, name, value));
    properties
        .stringPropertyNames()
        .forEach(
            name -> {
              if (name.startsWith("bgfetch.")) {
                putOwn(
                    values,
                    name.toUpperCase(Locale.ROOT).replace('.', '_'),
                    properties.getProperty(name));
              }
            });
    return new Settings(values);
  }

  /** These settings with some of them replaced. */
  public Settings with(Map<String, String> replaced) {
    Map<String, String> all = new HashMap<>(values);
    all.putAll(replaced);
    return new Settings(all);
  }

  private static void putOwn(Map<String, String> values, String name, String value) {
    if (name.startsWith("BGFETCH_") && !value.isBlank()) {
      values.put(name, value.strip());
    }
  }

  public Optional<String> text(String name) {
    return Optional.ofNullable(values.get(name));
  }

  public String text(String name, String byDefault) {
    return values.getOrDefault(name, byDefault);
  }

  /** The value of a setting that has no default. */
  public String required(String name) {
    return text(name).orElseThrow(() -> new SettingException(name, "is not set"));
  }

  /** A whole number within bounds, both included. */
  public int number(String name, int byDefault, int least, int most) {
    return text(name).map(value -> readNumber(name, value, least, most)).orElse(byDefault);
  }

  public boolean flag(String name, boolean byDefault) {
    return text(name).map(value -> readFlag(name, value)).orElse(byDefault);
  }

  /** A length of time such as {@code 500ms}, {@code 30s}, {@code 24h}; always positive. */
  public Duration duration(String name, Duration byDefault) {
    return text(name)
        .map(
            value ->
                Units.duration(value)
                    .orElseThrow(
                        () ->
                            new SettingException(
                                name, "is \"" + value + "\", not a duration like 500ms, 30s, 24h")))
        .orElse(byDefault);
  }

  /** A size in bytes such as {@code 16KiB}, {@code 8MiB}; never negative. */
  public long bytes(String name, long byDefault) {
    return text(name)
        .map(
            value ->
                Units.bytes(value)
                    .orElseThrow(
                        () ->
                            new SettingException(
                                name, "is \"" + value + "\", not a size like 16KiB, 8MiB")))
        .orElse(byDefault);
  }

  /** All settings that begin with {@code prefix}, by what follows it. */
  public Map<String, String> startingWith(String prefix) {
    Map<String, String> found = new TreeMap<>();
    values.forEach(
        (name, value) -> {
          if (name.startsWith(prefix) && name.length() > prefix.length()) {
            found.put(name.substring(prefix.length()), value);
          }
        });
    return found;
  }

  private static int readNumber(String name, String value, int least, int most) {
    try {
      int number = Integer.parseInt(value);
      if (number >= least && number <= most) {
        return number;
      }
    } catch (NumberFormatException notANumber) {
      throw new SettingException(name, "is \"" + value + "\", not a whole number");
    }
    throw new SettingException(name, "is " + value + ", not between " + least + " and " + most);
  }

  private static boolean readFlag(String name, String value) {
    return switch (value.toLowerCase(Locale.ROOT)) {
      case "true" -> true;
      case "false" -> false;
      default -> throw new SettingException(name, "is \"" + value + "\", not true or false");
    };
  }
}

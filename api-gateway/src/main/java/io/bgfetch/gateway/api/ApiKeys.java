package io.bgfetch.gateway.api;

import io.bgfetch.config.SettingException;
import io.bgfetch.config.Settings;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The keys that tell tenants apart. Of each only its SHA-256 is kept, by which it is also found:
 * how long that takes says nothing of the key.
 */
public final class ApiKeys {

  private static final String KEYS = "BGFETCH_API_KEYS";
  private static final String NO_REGISTERING = "BGFETCH_NO_REGISTERING";
  private static final String TENANT = "[A-Za-z0-9._-]{1,64}";
  private static final Pattern ENTRY =
      Pattern.compile("(" + TENANT + "):([A-Za-z0-9._~+/=-]{16,256})");

  private final Map<ByteBuffer, String> tenants;
  private final Set<String> notRegistering;

  private ApiKeys(Map<ByteBuffer, String> tenants, Set<String> notRegistering) {
    this.tenants = tenants;
    this.notRegistering = notRegistering;
  }

  /**
   * Reads them.
   *
   * @throws SettingException that names the setting which is wrong, and no key
   */
  static ApiKeys from(Settings settings) {
    Map<ByteBuffer, String> tenants = new HashMap<>();
    entries(settings, KEYS)
        .forEach(
            entry -> {
              Matcher parts = ENTRY.matcher(entry);
              if (!parts.matches()) {
                throw new SettingException(
                    KEYS, "has an entry that is not tenant:key with a key of 16 to 256 characters");
              }
              String before = tenants.put(hash(parts.group(2)), parts.group(1));
              if (before != null && !before.equals(parts.group(1))) {
                throw new SettingException(
                    KEYS, "gives one key to both " + before + " and " + parts.group(1));
              }
            });
    Set<String> notRegistering = entries(settings, NO_REGISTERING).collect(Collectors.toSet());
    notRegistering.stream()
        .filter(tenant -> !tenant.matches(TENANT))
        .findAny()
        .ifPresent(
            wrong -> {
              throw new SettingException(NO_REGISTERING, "has \"" + wrong + "\", no tenant's name");
            });
    return new ApiKeys(Map.copyOf(tenants), Set.copyOf(notRegistering));
  }

  private static Stream<String> entries(Settings settings, String name) {
    return Arrays.stream(settings.text(name, "").split(","))
        .map(String::strip)
        .filter(entry -> !entry.isEmpty());
  }

  /** Whether there are none, so that everybody is the one tenant. */
  boolean isEmpty() {
    return tenants.isEmpty();
  }

  /** Whose key it is. */
  Optional<String> tenantOf(String key) {
    return Optional.ofNullable(tenants.get(hash(key)));
  }

  /** Whether the tenant may register. */
  boolean mayRegister(String tenant) {
    return !notRegistering.contains(tenant);
  }

  private static ByteBuffer hash(String key) {
    try {
      byte[] bytes = key.getBytes(StandardCharsets.UTF_8);
      return ByteBuffer.wrap(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }
}

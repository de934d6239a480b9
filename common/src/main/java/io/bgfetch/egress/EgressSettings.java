package io.bgfetch.egress;

import io.bgfetch.config.SettingException;
import io.bgfetch.config.Settings;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Where and by which way requests may leave.
 *
 * @param allow what is opened although it is special-purpose
 * @param proxy through which everything goes; null for directly
 * @param authorities whose certificates are trusted beside the JDK's own; null for none
 */
public record EgressSettings(
    EgressAllow allow, @Nullable EgressProxy proxy, @Nullable OwnAuthorities authorities) {

  /**
   * Reads them.
   *
   * @throws SettingException that names the setting that cannot be read
   */
  public static EgressSettings from(Settings settings) {
    return new EgressSettings(
        read("BGFETCH_EGRESS_ALLOW", settings.text("BGFETCH_EGRESS_ALLOW", ""), EgressAllow::parse),
        settings
            .text("BGFETCH_EGRESS_PROXY")
            .map(text -> read("BGFETCH_EGRESS_PROXY", text, EgressProxy::parse))
            .orElse(null),
        settings
            .text("BGFETCH_EGRESS_CA")
            .map(text -> read("BGFETCH_EGRESS_CA", text, OwnAuthorities::ofFile))
            .orElse(null));
  }

  private static <T> T read(String setting, String text, Function<String, T> parser) {
    try {
      return parser.apply(text);
    } catch (IllegalArgumentException unreadable) {
      throw new SettingException(setting, "cannot be read: " + unreadable.getMessage());
    }
  }
}

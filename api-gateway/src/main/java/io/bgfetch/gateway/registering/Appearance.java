package io.bgfetch.gateway.registering;

import io.bgfetch.fetch.Icon;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a client wants people to see of a registration: the {@code BackgroundFetchUIOptions} of the
 * specification. Checked.
 *
 * @param title null where it stays as it is
 * @param icons null where they stay as they are
 */
public record Appearance(@Nullable String title, @Nullable List<Icon> icons) {

  public Appearance {
    icons = icons == null ? null : List.copyOf(icons);
  }

  /** Whether nothing is to change. */
  public boolean isEmpty() {
    return title == null && icons == null;
  }
}

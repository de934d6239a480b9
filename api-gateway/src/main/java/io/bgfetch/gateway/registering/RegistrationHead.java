package io.bgfetch.gateway.registering;

import io.bgfetch.fetch.Icon;
import io.bgfetch.fetch.RetryPolicy;
import io.bgfetch.fetch.Timeouts;
import io.bgfetch.url.WebUrl;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a client says about a new registration, its list of requests apart. Checked.
 *
 * @param base what relative URLs are relative to, null where none was given
 * @param downloadTotal 0 where it was not declared
 */
record RegistrationHead(
    String id,
    @Nullable WebUrl base,
    String title,
    List<Icon> icons,
    long downloadTotal,
    RetryPolicy retry,
    Timeouts timeouts,
    long retentionSeconds) {

  RegistrationHead {
    icons = List.copyOf(icons);
  }

  /** The same under another id. */
  RegistrationHead withId(String other) {
    return new RegistrationHead(
        other, base, title, icons, downloadTotal, retry, timeouts, retentionSeconds);
  }
}

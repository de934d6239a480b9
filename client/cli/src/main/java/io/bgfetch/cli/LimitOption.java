package io.bgfetch.cli;

import io.bgfetch.client.Listing;
import io.bgfetch.client.Page;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How many of a list are wanted. */
final class LimitOption {
  @Option(names = "--limit", paramLabel = "N", description = "At most so many; all unless given.")
  private @Nullable Integer limit;

  long orAll() {
    if (limit != null && limit < 1) {
      throw new CommandFailure(CommandFailure.UNUSABLE, "--limit must be 1 or more: " + limit);
    }
    return limit == null ? Long.MAX_VALUE : limit;
  }

  /** So many of the list, and not more asked for than fit on the pages needed. */
  <T> Stream<T> walk(Listing<T> listing) {
    long wanted = orAll();
    if (wanted <= Listing.MAX_LIMIT) {
      Page<T> page = listing.page((int) wanted, null);
      return page.items().stream();
    }
    return listing.stream().limit(wanted);
  }
}

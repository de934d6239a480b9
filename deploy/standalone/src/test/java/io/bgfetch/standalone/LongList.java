package io.bgfetch.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import io.bgfetch.client.BackgroundFetchManager;
import io.bgfetch.client.BackgroundFetchOptions;
import io.bgfetch.client.BackgroundFetchRegistration;
import io.bgfetch.client.FetchRequest;
import io.bgfetch.testkit.Origin;
import java.util.stream.IntStream;

/** A registration of many requests, none of which is ever answered. */
record LongList(int lines, Origin origin) {

  static LongList of(int lines, Origin origin) {
    return new LongList(lines, origin);
  }

  /** Registers it, sees that all of it is there, and aborts it. */
  void register(BackgroundFetchManager manager) {
    BackgroundFetchRegistration registration =
        manager.fetch(
            "long-list-" + lines,
            IntStream.range(0, lines)
                .mapToObj(i -> FetchRequest.of(origin.url("/never?number=" + i))),
            BackgroundFetchOptions.none());

    assertThat(registration.state().records().total()).isEqualTo(lines);
    assertThat(registration.record(lines - 1).request().url()).endsWith("=" + (lines - 1));
    assertThat(registration.abort()).isTrue();
    registration.follow(event -> {});
    assertThat(registration.state().records().failed()).isEqualTo(lines);
  }
}

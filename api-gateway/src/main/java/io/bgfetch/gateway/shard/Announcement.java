package io.bgfetch.gateway.shard;

import io.bgfetch.fetch.Registration;
import java.util.List;

/**
 * What was committed of one registration and is to be told.
 *
 * @param state as it is; of an ended one its end, with the version of that
 * @param endIsOut whether it is an end that was published before
 * @param clicks that were not published, in order: the registration with the version of each
 */
record Announcement(Registration state, boolean endIsOut, List<Registration> clicks) {

  Announcement {
    clicks = List.copyOf(clicks);
  }

  /**
   * A state that was just committed.
   *
   * @param clicks their versions
   * @param clicked the registration at the time of the clicks
   */
  static Announcement of(Registration state, List<Long> clicks, Registration clicked) {
    return new Announcement(state, false, clicks.stream().map(clicked::atVersion).toList());
  }
}

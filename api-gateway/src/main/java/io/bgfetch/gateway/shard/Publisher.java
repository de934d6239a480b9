package io.bgfetch.gateway.shard;

import io.bgfetch.fetch.Registration;
import io.bgfetch.gateway.shard.ShardRows.Found;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Finds what is to be told of a shard's registrations, whoever committed it, and hands it on. Lives
 * on the shard's context.
 */
final class Publisher {

  private final PgPublishing store;
  private final Announcements announcements;
  private final Set<UUID> ended = new LinkedHashSet<>();
  private final List<Found> loaded = new ArrayList<>();

  Publisher(PgPublishing store, Announcements announcements) {
    this.store = store;
    this.announcements = announcements;
  }

  /** These may have ended without the shard, or were changed after they had. */
  void lookAt(Set<UUID> uids) {
    ended.addAll(uids);
  }

  /** Tells of what there is of those to look at. */
  Future<Void> publishEnded() {
    if (ended.isEmpty()) {
      return Future.succeededFuture();
    }
    Set<UUID> uids = new LinkedHashSet<>(ended);
    ended.clear();
    return announcements.offerFrom(() -> store.ends(uids)).mapEmpty();
  }

  /**
   * Tells of ends of which no poke told, or whose publication was lost.
   *
   * @return whose they are
   */
  Future<Set<UUID>> publishLeftBehind() {
    return announcements
        .offerFrom(store::unpublishedEnds)
        .map(found -> found.stream().map(end -> end.state().uid()).collect(Collectors.toSet()));
  }

  /** Registrations that were clicked on, and of which no poke told, or whose click was lost. */
  Future<List<UUID>> clicked() {
    return store.clicked();
  }

  /**
   * These were just loaded. They are told of after the step, which may have something newer to
   * tell.
   */
  void tellOf(List<Found> found) {
    loaded.addAll(found);
  }

  /**
   * Tells of registrations that were loaded, as they were.
   *
   * @param active whether one is so still: of one that ended in this step its end was told
   */
  Future<Void> publishLoaded(Predicate<UUID> active) {
    List<Found> found = loaded.stream().filter(one -> active.test(one.terms().uid())).toList();
    loaded.clear();
    if (found.isEmpty()) {
      return Future.succeededFuture();
    }
    Set<UUID> uids = found.stream().map(one -> one.terms().uid()).collect(Collectors.toSet());
    return store
        .clicks(uids)
        .onSuccess(clicks -> found.forEach(one -> publish(one.registration(), clicks)))
        .mapEmpty();
  }

  /** A click that came after the state was read has its own poke. */
  private void publish(Registration state, Map<UUID, List<Long>> clicks) {
    List<Long> before =
        clicks.getOrDefault(state.uid(), List.of()).stream()
            .filter(version -> version <= state.version())
            .toList();
    announcements.offer(Announcement.of(state, before, state));
  }

  void close() {
    announcements.close();
  }
}

package io.bgfetch.gateway.webhook;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/**
 * How much this gateway sends to which webhook at once. A webhook whose receiver has answered
 * promptly may have several attempts under way, any other only one, and all of those together half
 * of the room: so receivers that do not answer wait for their deadlines without holding up the
 * rest. Lives on one context.
 */
final class Turns {

  private static final int REMEMBERED = 10_000;

  private final int atOnce;
  private final int perWebhook;
  private final Map<UUID, Integer> underWay = new HashMap<>();
  private final Map<UUID, Boolean> answering =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<UUID, Boolean> eldest) {
          return size() > REMEMBERED;
        }
      };
  private int all;
  private int withoutAnswer;

  /**
   * Nothing is under way.
   *
   * @param atOnce attempts of all webhooks
   * @param perWebhook attempts of one whose receiver answers
   */
  Turns(int atOnce, int perWebhook) {
    this.atOnce = atOnce;
    this.perWebhook = perWebhook;
  }

  /** Who has something to send gets room, in this order; who gets none is not named. */
  Map<UUID, Integer> share(List<UUID> webhooks) {
    Map<UUID, Integer> rooms = new LinkedHashMap<>();
    int left = atOnce - all;
    int leftWithoutAnswer = atOnce / 2 - withoutAnswer;
    for (UUID webhook : webhooks) {
      int most = answers(webhook) ? left : Math.min(left, leftWithoutAnswer);
      int room = Math.min(most, room(webhook));
      if (room > 0) {
        rooms.put(webhook, room);
        left -= room;
        leftWithoutAnswer -= answers(webhook) ? 0 : room;
      }
    }
    return rooms;
  }

  private int room(UUID webhook) {
    return (answers(webhook) ? perWebhook : 1) - underWay.getOrDefault(webhook, 0);
  }

  private boolean answers(UUID webhook) {
    return answering.getOrDefault(webhook, false);
  }

  /** Webhooks that could send nothing now, whatever there is: they need not be looked up. */
  List<UUID> withoutRoom() {
    Set<UUID> full = new LinkedHashSet<>();
    underWay.forEach(
        (webhook, count) -> {
          if (room(webhook) <= 0) {
            full.add(webhook);
          }
        });
    if (withoutAnswer >= atOnce / 2) {
      answering.forEach(
          (webhook, answers) -> {
            if (!answers) {
              full.add(webhook);
            }
          });
    }
    return List.copyOf(full);
  }

  boolean full() {
    return all >= atOnce;
  }

  /**
   * An attempt begins.
   *
   * @return to be told once how it ended
   */
  Turn begin(UUID webhook) {
    boolean counted = !answers(webhook);
    all++;
    withoutAnswer += counted ? 1 : 0;
    underWay.merge(webhook, 1, Integer::sum);
    return answered -> {
      all--;
      withoutAnswer -= counted ? 1 : 0;
      underWay.computeIfPresent(webhook, (same, count) -> count == 1 ? null : count - 1);
      answering.put(webhook, answered);
    };
  }

  /** An attempt that is under way. */
  interface Turn {

    /** It is over; the receiver answered promptly or it did not. */
    void end(boolean answered);
  }
}

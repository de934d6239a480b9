package io.bgfetch.client;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Makes calls until a gateway has answered: at each address in turn, and when all of them have
 * failed again after a wait, as long as time is left. The time counts from the first failure, since
 * a call that goes well may take as long as it needs. Safe for use by many threads.
 */
final class Attempts {
  private final Addresses addresses;
  private final Duration timeout;
  private final boolean awaitsFirst;
  private final CountDownLatch closed = new CountDownLatch(1);
  private volatile boolean reached;

  /**
   * Attempts of one client.
   *
   * @param timeout for how long a call is repeated
   * @param awaitsFirst whether a service is waited for that was never reached yet
   */
  Attempts(Addresses addresses, Duration timeout, boolean awaitsFirst) {
    this.addresses = addresses;
    this.timeout = timeout;
    this.awaitsFirst = awaitsFirst;
  }

  /**
   * What the call returned in the end.
   *
   * @param call is given the address to go to
   * @throws RuntimeException the last failure, when none that may pass or no time is left
   */
  <T> T run(Repeat repeat, Function<String, T> call) {
    Round round = new Round();
    while (true) {
      String root = addresses.current();
      try {
        T answer = call.apply(root);
        reached = true;
        return answer;
      } catch (GatewayUnreachableException | BgfetchException e) {
        reached |= !Repeat.isUnsent(e);
        if (!passes(e) || !repeat.after(e)) {
          throw e;
        }
        round.failed(root, e);
      }
    }
  }

  /** Whether the same call may go well later, or elsewhere. */
  static boolean passes(RuntimeException failure) {
    if (failure instanceof BgfetchException refused) {
      return refused.status() == 503 || refused.status() == 429;
    }
    return failure instanceof GatewayUnreachableException lost && lost.passes();
  }

  /** The failures of one call. Used by one thread. */
  private final class Round {
    private final Backoff backoff = new Backoff(ThreadLocalRandom.current());
    private @Nullable Deadline deadline;
    private int failures;

    /** Returns when it is time for the next attempt; else throws the failure. */
    void failed(String root, RuntimeException failure) {
      if (deadline == null) {
        deadline = Deadline.in(timeout);
      }
      failures++;
      boolean everywhere = isSameEverywhere(failure) || failures % addresses.size() == 0;
      addresses.leave(root);
      if (!everywhere) {
        return;
      }
      if (!reached && !awaitsFirst) {
        throw named(failure);
      }
      Duration wait = max(backoff.next(), retryAfter(failure));
      if (deadline.left().compareTo(wait) < 0 || !sleep(wait)) {
        throw named(failure);
      }
    }

    /** What a tenant has too much of it has at every gateway. */
    private static boolean isSameEverywhere(RuntimeException failure) {
      return failure instanceof BgfetchException refused && refused.status() == 429;
    }

    private RuntimeException named(RuntimeException failure) {
      return failure instanceof GatewayUnreachableException lost && addresses.size() > 1
          ? lost.at(addresses.toString())
          : failure;
    }
  }

  private static Duration retryAfter(RuntimeException failure) {
    Duration asked = failure instanceof BgfetchException refused ? refused.retryAfter() : null;
    return asked == null ? Duration.ZERO : asked;
  }

  private static Duration max(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? other : one;
  }

  /** False when it was ended early: by an interrupt, or because the client was closed. */
  boolean sleep(Duration wait) {
    try {
      return !closed.await(wait.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** Ends all waiting, now and later. */
  void close() {
    closed.countDown();
  }
}

package io.bgfetch.cli;

import io.bgfetch.client.BgfetchException;
import java.util.function.LongFunction;

/** The gateway refused a list; it says which requests are wrong, and this where they stand. */
final class RefusedRequests extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final BgfetchException refusal;
  private final transient LongFunction<String> places;

  /**
   * A refusal.
   *
   * @param places where the request of an index comes from, as its author knows it
   */
  RefusedRequests(BgfetchException refusal, LongFunction<String> places) {
    super(refusal);
    this.refusal = refusal;
    this.places = places;
  }

  BgfetchException refusal() {
    return refusal;
  }

  String place(long index) {
    return places.apply(index);
  }
}

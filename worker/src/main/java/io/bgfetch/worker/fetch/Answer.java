package io.bgfetch.worker.fetch;

import io.bgfetch.fetch.RecordResponse;

/** How one exchange ended well. */
sealed interface Answer {

  /** The fetch goes on elsewhere. */
  record Moved(Hop hop) implements Answer {}

  /** That was a part of the body; the rest is to be asked for. */
  record Partial(Download soFar) implements Answer {}

  /** This is the response, to its last byte. */
  record Complete(RecordResponse head, BodyContent body) implements Answer {}
}

package io.bgfetch.worker.fetch;

/** Counts the body bytes that a worker received. Belongs to one context. */
public final class Traffic {

  private long downloaded;

  void downloaded(long bytes) {
    downloaded += bytes;
  }

  /** All since the worker's start. */
  public long downloaded() {
    return downloaded;
  }
}

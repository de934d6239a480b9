package io.bgfetch.client;

import java.net.URI;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Where the gateways of one service are, and which of them is spoken to at present: the first,
 * until it fails. All of them know the same registrations. Safe for use by many threads.
 */
final class Addresses {
  private final List<String> roots;
  private final AtomicInteger current = new AtomicInteger();

  Addresses(List<URI> roots) {
    this.roots = roots.stream().map(root -> root.toString().replaceAll("/+$", "")).toList();
  }

  int size() {
    return roots.size();
  }

  String current() {
    return roots.get(current.get());
  }

  /** Goes on with the next one, unless somebody else has done so already. */
  void leave(String root) {
    int at = roots.indexOf(root);
    current.compareAndSet(at, (at + 1) % roots.size());
  }

  @Override
  public String toString() {
    return String.join(", ", roots);
  }
}

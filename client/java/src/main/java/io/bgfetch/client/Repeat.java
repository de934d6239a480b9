package io.bgfetch.client;

/** Whether a call that failed may be made again. */
@FunctionalInterface
interface Repeat {
  /** It may have been carried out: doing so twice is no harm. */
  Repeat ALWAYS = failure -> true;

  /** Only if it was surely not carried out. */
  Repeat UNSENT = Repeat::isUnsent;

  boolean after(RuntimeException failure);

  static boolean isUnsent(RuntimeException failure) {
    return failure instanceof GatewayUnreachableException lost && lost.unsent();
  }
}

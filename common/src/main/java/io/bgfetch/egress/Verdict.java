package io.bgfetch.egress;

/** What the rules say about one address. */
public sealed interface Verdict {

  /** It may be connected to. */
  record Allowed() implements Verdict {}

  /**
   * It must not be connected to.
   *
   * @param rule why, as a sentence without a full stop: "127.0.0.0/8 is loopback (RFC 1122), a
   *     special-purpose address"
   */
  record Refused(String rule) implements Verdict {}
}

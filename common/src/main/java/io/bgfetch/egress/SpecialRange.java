package io.bgfetch.egress;

/**
 * A range of addresses that is no ordinary destination.
 *
 * @param range the addresses
 * @param use what they are for, as the end of the sentence "this range is …"
 * @param source the document that says so
 */
record SpecialRange(Cidr range, String use, String source) {

  static SpecialRange of(String range, String use, String source) {
    return new SpecialRange(Cidr.parse(range), use, source);
  }

  /** The rule in words, for the error that a refused fetch shows. */
  String rule() {
    return range + " is " + use + " (" + source + "), a special-purpose address";
  }
}

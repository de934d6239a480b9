package io.bgfetch.conformance;

import java.util.List;

/**
 * A rule of the contract and the tests that prove it.
 *
 * @param id such as {@code S3.12}: a letter for the document, section and number
 * @param tests {@code Class.method} or {@code Class$Nested.method}, without packages
 */
record Rule(String id, List<String> tests) {
  Rule {
    tests = List.copyOf(tests);
  }
}

package io.bgfetch.testkit;

import java.util.Arrays;
import java.util.List;

/** A path cut at its slashes: the page's name, then its parameters. */
record PagePath(List<String> segments) {
  PagePath(String path) {
    this(Arrays.stream(path.split("/", -1)).skip(1).toList());
  }

  boolean isEmpty() {
    return segments.isEmpty() || segments.equals(List.of(""));
  }

  String page() {
    return isEmpty() ? "" : segments.getFirst();
  }

  /** A parameter: a number that is not negative. */
  long number(int parameter) {
    if (parameter + 1 >= segments.size()) {
      throw new IllegalArgumentException("a number is missing in the path");
    }
    long number = Long.parseLong(segments.get(parameter + 1));
    if (number < 0) {
      throw new IllegalArgumentException("a negative number in the path");
    }
    return number;
  }

  /** The path that begins behind so many parameters. */
  PagePath after(int parameters) {
    return new PagePath(
        segments.subList(Math.min(parameters + 1, segments.size()), segments.size()));
  }
}

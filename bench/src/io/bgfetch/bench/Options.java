package io.bgfetch.bench;

import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What the command line asks for.
 *
 * @param cases their letters; all if there are none
 * @param quick a tenth of the counts, and other targets than a full run's are not to be expected
 * @param output where {@code benchmarks.json} and {@code benchmarks.md} go when all cases have
 *     results
 * @param partial where they go before
 */
record Options(
    Set<String> cases,
    int rounds,
    boolean quick,
    Path output,
    Path partial,
    Optional<Path> scratch) {

  static final String USAGE =
      """
      bench/run [--cases a,b,…] [--rounds N] [--quick] [--output DIR] [--scratch DIR]

        --cases    which cases to measure: %s; all of them
        --rounds   how many rounds of each; 5, or 2 with --quick
        --quick    a tenth of the counts, in a few minutes; goes to bench/target/quick
        --output   where benchmarks.json and benchmarks.md go: docs, at the end of a run after
                   which all cases have results, and bench/target after each case. What they say
                   of cases that are not measured now stays, if it was measured on such a machine
        --scratch  where temporary files go, on a disk; the system's folder for such files
      """;

  private static final String QUICK = "bench/target/quick";

  static Options of(Path repository, Set<String> all, String... arguments) {
    Set<String> cases = all;
    Optional<Integer> rounds = Optional.empty();
    boolean quick = false;
    Optional<Path> output = Optional.empty();
    Optional<Path> scratch = Optional.empty();
    Deque<String> left = new ArrayDeque<>(List.of(arguments));
    while (!left.isEmpty()) {
      String option = left.pop();
      switch (option) {
        case "--cases" -> cases = Set.of(value(option, left).split(","));
        case "--rounds" -> rounds = Optional.of(Integer.valueOf(value(option, left)));
        case "--quick" -> quick = true;
        case "--output" -> output = Optional.of(Path.of(value(option, left)));
        case "--scratch" -> scratch = Optional.of(Path.of(value(option, left)));
        default -> throw new IllegalArgumentException("unknown option " + option);
      }
    }
    if (!all.containsAll(cases)) {
      throw new IllegalArgumentException("the cases are " + String.join(", ", all));
    }
    if (rounds.isPresent() && rounds.get() < 1) {
      throw new IllegalArgumentException("--rounds: at least 1");
    }
    return new Options(
        cases,
        rounds.orElse(quick ? 2 : 5),
        quick,
        output.orElse(repository.resolve(quick ? QUICK : "docs")),
        output.orElse(repository.resolve(quick ? QUICK : "bench/target")),
        scratch);
  }

  private static String value(String option, Deque<String> left) {
    if (left.isEmpty()) {
      throw new IllegalArgumentException(option + " needs a value");
    }
    return left.pop();
  }
}

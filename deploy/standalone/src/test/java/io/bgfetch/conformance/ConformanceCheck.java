package io.bgfetch.conformance;

import io.bgfetch.conformance.TestReports.Verdict;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * The step of the build that holds {@code docs/conformance.md} and {@code docs/reliability.md}
 * against what was tested: each rule has a test, and each test that is named there was run by this
 * build and passed.
 *
 * <p>Arguments: the directory of the build, the moment it began, and whether it must have run all
 * tests. Where it need not and has not, nothing is checked, and a line says so.
 */
final class ConformanceCheck {

  private static final List<String> DOCUMENTS =
      List.of("docs/conformance.md", "docs/reliability.md");

  private ConformanceCheck() {}

  public static void main(String[] args) throws IOException {
    Path root = Path.of(args[0]);
    Instant began = Instant.parse(args[1]);
    System.exit(run(root, began, Boolean.parseBoolean(args[2])) ? 0 : 1);
  }

  /** Whether all is well, or could not be known and need not. */
  static boolean run(Path root, Instant began, boolean strict) throws IOException {
    TestReports reports = new TestReports();
    List<String> missing = new Modules(root).read(reports, began);
    if (!missing.isEmpty() && !strict) {
      System.out.println("conformance: not checked, this build did not run all tests: " + missing);
      return true;
    }
    List<Rule> rules = new ArrayList<>();
    List<String> complaints = new ArrayList<>();
    for (String document : DOCUMENTS) {
      List<Rule> some = RuleTable.read(root.resolve(document));
      if (some.isEmpty()) {
        complaints.add("there is no rule in " + document);
      }
      rules.addAll(some);
    }
    complaints.addAll(complaints(rules, reports.verdicts()));
    missing.forEach(reportless -> complaints.add("no test was run: " + reportless));
    complaints.forEach(complaint -> System.out.println("conformance: " + complaint));
    System.out.printf("conformance: %d rules, %d complaints%n", rules.size(), complaints.size());
    return complaints.isEmpty();
  }

  /** What is wrong with the rules, a line each. */
  static List<String> complaints(List<Rule> rules, Map<String, Verdict> verdicts) {
    List<String> complaints = new ArrayList<>();
    Set<String> seen = new HashSet<>();
    for (Rule rule : rules) {
      if (!seen.add(rule.id())) {
        complaints.add(rule.id() + " stands there twice");
      }
      if (rule.tests().isEmpty()) {
        complaints.add(rule.id() + " has no test");
      }
      rule.tests().forEach(test -> complain(rule, test, verdicts, complaints));
    }
    return complaints;
  }

  private static void complain(
      Rule rule, String test, Map<String, Verdict> verdicts, List<String> complaints) {
    Verdict verdict = verdicts.get(test);
    if (verdict == null) {
      complaints.add(rule.id() + ": " + test + " does not exist or was not run");
    } else if (verdict != Verdict.PASSED) {
      complaints.add(rule.id() + ": " + test + " was " + verdict.name().toLowerCase(Locale.ROOT));
    }
  }
}

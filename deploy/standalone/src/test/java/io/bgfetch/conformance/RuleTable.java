package io.bgfetch.conformance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The tables of rules in a document: rule, what it says, tests. A table whose first column is
 * called anything but "Rule" is none of them.
 */
final class RuleTable {

  private static final Pattern ROW = Pattern.compile("\\|\\s*([A-Z]\\d+\\.\\d+)\\s*\\|(.*)\\|\\s*");
  private static final Pattern HEAD = Pattern.compile("\\|\\s*Rule\\s*\\|.*");
  private static final Pattern LINE_BELOW_HEAD = Pattern.compile("\\|\\s*-+\\s*\\|.*");
  private static final Pattern CODE = Pattern.compile("`([^`]*)`");

  private RuleTable() {}

  /** The rules in their order; a rule that stands there twice is in the list twice. */
  static List<Rule> read(Path document) throws IOException {
    return parse(Files.readString(document));
  }

  /**
   * The rules in a document.
   *
   * @throws IllegalArgumentException on a row of such a table that is no rule
   */
  static List<Rule> parse(String markdown) {
    List<Rule> rules = new ArrayList<>();
    boolean inTable = false;
    boolean ofRules = false;
    for (String line : markdown.lines().toList()) {
      boolean row = line.startsWith("|");
      if (row && !inTable) {
        ofRules = HEAD.matcher(line).matches();
      } else if (row && ofRules && !LINE_BELOW_HEAD.matcher(line).matches()) {
        rules.add(rule(line));
      }
      inTable = row;
    }
    return rules;
  }

  private static Rule rule(String line) {
    Matcher row = ROW.matcher(line);
    if (!row.matches()) {
      throw new IllegalArgumentException("not a rule: " + line);
    }
    return new Rule(row.group(1), tests(row.group(2)));
  }

  /** What the last cell has in quotes: before it, code may stand between such quotes as well. */
  private static List<String> tests(String cells) {
    String last = cells.substring(cells.lastIndexOf('|') + 1);
    return CODE.matcher(last).results().map(found -> found.group(1)).toList();
  }
}

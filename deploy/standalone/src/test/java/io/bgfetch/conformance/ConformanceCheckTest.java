package io.bgfetch.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConformanceCheckTest {

  private static final String HEAD = "# Rules\n\n| Rule | Says | Tests |\n|---|---|---|\n";
  private static final String PASSES =
      HEAD
          + "| S1.1 | `Not.test` is code here | `OneTest.holds`, `OneTest$Inside.holds` |\n"
          + "| S2.1 | for every value | `OneTest.holdsForAll` |\n"
          + "| S2.2 | with servers | `TwoIT.holds` |\n";

  private static final Instant BEGAN = Instant.parse("2026-01-31T12:00:00Z");

  @TempDir Path root;

  @BeforeEach
  void aBuildThatRanEverything() throws IOException {
    write("pom.xml", "<modules><module>one</module> <module>dir/two</module></modules>");
    write("one/src/test/java/a/OneTest.java", "");
    write("dir/two/src/test/java/a/TwoIT.java", "");
    write(
        "one/target/surefire-reports/TEST-a.OneTest.xml",
        """
        <testsuite name="a.OneTest">
          <testcase name="holds" classname="a.b.OneTest" time="0.1"/>
          <testcase name="holds" classname="a.b.OneTest$Inside" time="0.1"/>
          <testcase name="holdsForAll(String, int)[1]" classname="a.b.OneTest" time="0.1"/>
          <testcase name="holdsForAll(String, int)[2]" classname="a.b.OneTest" time="0.1"/>
          <testcase name="fails" classname="a.b.OneTest"><failure message="no"/></testcase>
          <testcase name="breaks" classname="a.b.OneTest"><error message="no"/></testcase>
          <testcase name="isLeftOut" classname="a.b.OneTest"><skipped/></testcase>
          <testcase name="failsForOne(int)[1]" classname="a.b.OneTest"><failure/></testcase>
          <testcase name="failsForOne(int)[2]" classname="a.b.OneTest"/>
        </testsuite>
        """);
    write(
        "dir/two/target/failsafe-reports/TEST-a.TwoIT.xml",
        "<testsuite><testcase name='holds' classname='a.TwoIT'/></testsuite>");
  }

  private void write(String path, String text) throws IOException {
    Path file = root.resolve(path);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
    Files.setLastModifiedTime(file, FileTime.from(BEGAN.plusSeconds(60)));
  }

  private boolean check(String table, boolean strict) throws IOException {
    write("docs/conformance.md", table);
    write("docs/reliability.md", HEAD + "| R1.1 | holds | `TwoIT.holds` |\n");
    return ConformanceCheck.run(root, BEGAN, strict);
  }

  @Test
  void passesWhereEachRuleHasTestsThatPassed() throws IOException {
    assertThat(check(PASSES, true)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "—",
        "— <!-- R -->",
        "",
        "in words",
        "`OneTest.isNotThere`",
        "`OneTest$Other.holds`",
        "`OtherTest.holds`",
        "`OneTest.fails`",
        "`OneTest.breaks`",
        "`OneTest.isLeftOut`",
        "`OneTest.failsForOne`",
        "`OneTest.holds`, `OneTest.isNotThere`",
        "`OneTest.holds`, `OneTest`",
      })
  void failsWhereARuleHasNoTestThatPassed(String tests) throws IOException {
    assertThat(check(PASSES + "| S3.1 | another | " + tests + " |\n", true)).isFalse();
    assertThat(check(PASSES + "| S3.1 | another | " + tests + " |\n", false)).isFalse();
  }

  @Test
  void failsWhereARuleStandsThereTwice() throws IOException {
    assertThat(check(PASSES + "| S1.1 | again | `OneTest.holds` |\n", true)).isFalse();
  }

  @Test
  void failsWhereThereIsNoRule() throws IOException {
    assertThat(check(HEAD, true)).isFalse();
  }

  @Test
  void readsTheRulesOfBothDocuments() throws IOException {
    assertThat(check(PASSES, true)).isTrue();

    write("docs/reliability.md", HEAD + "| R1.1 | does not hold | `OneTest.fails` |\n");
    assertThat(ConformanceCheck.run(root, BEGAN, true)).isFalse();
    write("docs/reliability.md", "# Nothing\n");
    assertThat(ConformanceCheck.run(root, BEGAN, true)).isFalse();
  }

  @Test
  void passesOverTablesOfOtherThings() throws IOException {
    String other = "\n| What | Bound |\n|---|---|\n| a queue | 7 |\n\n";

    assertThat(check(PASSES + other, true)).isTrue();
    assertThat(check(PASSES + other + HEAD + "| S3.1 | no test | |\n", true)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"| S3 | no number | `OneTest.holds` |", "| S3.1 | no end | `OneTest.holds`"})
  void passesOverNoRow(String row) {
    assertThatThrownBy(() -> check(PASSES + row + "\n", true))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(row);
  }

  @Test
  void failsOnATestThatOnlyAnEarlierBuildHasRun() throws IOException {
    Path old = root.resolve("one/target/surefire-reports/TEST-a.OldTest.xml");
    write(
        "one/target/surefire-reports/TEST-a.OldTest.xml",
        "<testsuite><testcase name='holds' classname='a.OldTest'/></testsuite>");
    assertThat(check(PASSES + "| S3.1 | gone | `OldTest.holds` |\n", true)).isTrue();

    Files.setLastModifiedTime(old, FileTime.from(BEGAN.minus(Duration.ofMinutes(1))));

    assertThat(check(PASSES + "| S3.1 | gone | `OldTest.holds` |\n", true)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "one/target/surefire-reports/TEST-a.OneTest.xml",
        "dir/two/target/failsafe-reports/TEST-a.TwoIT.xml"
      })
  void checksAPartialBuildOnlyWhereItMustBeWhole(String report) throws IOException {
    Files.delete(root.resolve(report));

    assertThat(check(PASSES, false)).isTrue();
    assertThat(check(PASSES, true)).isFalse();
  }
}

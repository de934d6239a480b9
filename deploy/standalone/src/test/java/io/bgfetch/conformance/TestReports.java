package io.bgfetch.conformance;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/**
 * What became of the tests of one build, by the XML reports of Surefire and Failsafe. A
 * parameterized test, whose invocations are reported as {@code name(types)[n]}, is one test here
 * and as bad as its worst invocation.
 */
final class TestReports {

  /** From the best to the worst. */
  enum Verdict {
    PASSED,
    SKIPPED,
    FAILED
  }

  private static final Pattern METHOD = Pattern.compile("^\\w+");

  private final Map<String, Verdict> verdicts = new HashMap<>();

  /** The verdicts by {@code Class.method}, without packages. */
  Map<String, Verdict> verdicts() {
    return Map.copyOf(verdicts);
  }

  /**
   * Reads the reports in a directory; it need not exist.
   *
   * @param since older ones are left over from another build and are passed over
   * @return how many were read
   */
  int read(Path directory, Instant since) throws IOException {
    int read = 0;
    for (Path report : reports(directory)) {
      if (!Files.getLastModifiedTime(report).toInstant().isBefore(since)) {
        read(report);
        read++;
      }
    }
    return read;
  }

  private static List<Path> reports(Path directory) throws IOException {
    if (!Files.isDirectory(directory)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(directory)) {
      return files.filter(file -> file.getFileName().toString().matches("TEST-.*\\.xml")).toList();
    }
  }

  private void read(Path report) throws IOException {
    XMLInputFactory factory = XMLInputFactory.newFactory();
    factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
    try (InputStream in = Files.newInputStream(report)) {
      read(factory.createXMLStreamReader(in));
    } catch (XMLStreamException e) {
      throw new IOException(report + " cannot be read", e);
    }
  }

  private void read(XMLStreamReader xml) throws XMLStreamException {
    String test = "";
    while (xml.hasNext()) {
      if (xml.next() == XMLStreamConstants.START_ELEMENT) {
        switch (xml.getLocalName()) {
          case "testcase" -> {
            test = nameOf(xml);
            add(test, Verdict.PASSED);
          }
          case "skipped" -> add(test, Verdict.SKIPPED);
          case "failure", "error" -> add(test, Verdict.FAILED);
          default -> {}
        }
      }
    }
  }

  private static String nameOf(XMLStreamReader xml) {
    String type = xml.getAttributeValue(null, "classname");
    Matcher method = METHOD.matcher(xml.getAttributeValue(null, "name"));
    return type.substring(type.lastIndexOf('.') + 1) + "." + (method.find() ? method.group() : "");
  }

  private void add(String test, Verdict verdict) {
    verdicts.merge(test, verdict, (a, b) -> a.compareTo(b) > 0 ? a : b);
  }
}

package io.bgfetch.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * All results, as {@code benchmarks.json} and {@code benchmarks.md}. The Markdown ends with what
 * people wrote, {@code bench/notes.md}.
 */
final class Report {

  private static final double MIB = 1 << 20;

  private final Path folder;
  private final Path notes;
  private final Map<String, Object> machine;
  private final Map<String, Object> versions;
  private final List<String> order;
  private final Map<String, Result> results = new TreeMap<>();

  /**
   * @param order the letters of the cases, as they are to stand
   */
  Report(
      Path folder,
      Path notes,
      Map<String, Object> machine,
      Map<String, Object> versions,
      Collection<String> order) {
    this.folder = folder;
    this.notes = notes;
    this.machine = machine;
    this.versions = versions;
    this.order = List.copyOf(order);
  }

  /** Takes over what was measured on such a machine before. */
  void readEarlier() throws IOException {
    Path file = folder.resolve("benchmarks.json");
    if (!Files.exists(file)) {
      return;
    }
    Map<String, Object> earlier = Json.parseObject(Files.readString(file));
    if (isSame(Json.object(earlier.get("machine")))) {
      Json.list(earlier.get("results")).stream()
          .map(result -> Result.fromJson(Json.object(result)))
          .filter(result -> order.contains(result.id()))
          .forEach(result -> results.put(result.id(), result));
    }
  }

  private boolean isSame(Map<String, Object> other) {
    return List.of("processors", "processor", "memory").stream()
        .allMatch(part -> machine.get(part).equals(other.get(part)));
  }

  void put(Result result) {
    results.put(result.id(), result);
  }

  void write() throws IOException {
    Files.createDirectories(folder);
    Files.writeString(folder.resolve("benchmarks.json"), Json.write(json()));
    Files.writeString(folder.resolve("benchmarks.md"), markdown());
  }

  private Map<String, Object> json() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("machine", machine);
    json.put("versions", versions);
    json.put("results", ordered().stream().map(Result::toJson).toList());
    return json;
  }

  private List<Result> ordered() {
    return order.stream().filter(results::containsKey).map(results::get).toList();
  }

  // ---- Markdown

  private String markdown() throws IOException {
    StringBuilder out = new StringBuilder();
    out.append(
        """
        # Benchmarks

        Written by `bench/run`; [bench/README.md](../bench/README.md) says what each case measures and how to read it. All
        programs, bgfetch with its Postgres and Kafka, and the origin share one machine and its loopback: ratios within a case
        say something, absolute figures say how fast the machine is. Figures are medians with minimum and maximum.

        """);
    facts(out, "Machine", machine);
    facts(out, "Versions", versions);
    List<Check> all = ordered().stream().flatMap(result -> result.checks().stream()).toList();
    if (!all.isEmpty()) {
      out.append("## Targets\n\n| Case | Target | Measured | |\n|---|---|---|---|\n");
      for (Result result : ordered()) {
        for (Check check : result.checks()) {
          row(
              out,
              result.id(),
              check.target(),
              check.measured(),
              check.kept() ? "kept" : "**not kept**");
        }
      }
      out.append('\n');
    }
    ordered().forEach(result -> section(out, result));
    if (Files.exists(notes)) {
      out.append(Files.readString(notes).strip()).append('\n');
    }
    return out.toString().stripTrailing() + "\n";
  }

  private static void facts(StringBuilder out, String title, Map<String, Object> facts) {
    out.append("| ").append(title).append(" | |\n|---|---|\n");
    facts.forEach(
        (name, value) ->
            row(out, name, value instanceof Double d ? Figures.count(d) : value.toString()));
    out.append('\n');
  }

  private static void section(StringBuilder out, Result result) {
    out.append("## (").append(result.id()).append(") ").append(result.title()).append("\n\n");
    out.append("Measured ").append(result.when()).append(".\n\n");
    List<String> header = new ArrayList<>(List.of("Program", "How", "Median (min, max)", "Unit"));
    Optional<Measurement> fastest = result.fastestTool();
    fastest.ifPresent(tool -> header.add("Ratio to " + tool.program()));
    header.addAll(List.of("CPU s", "Peak MiB"));
    row(out, header.toArray(String[]::new));
    out.append("|---".repeat(header.size())).append("|\n");
    for (Measurement measured : result.rows()) {
      List<String> cells = new ArrayList<>(List.of(measured.program(), measured.how()));
      cells.add(measured.isMeasured() ? Figures.spread(measured.values()) : "failed");
      cells.add(measured.unit());
      fastest.ifPresent(
          tool ->
              cells.add(
                  measured.isMeasured() && measured.unit().equals(tool.unit())
                      ? String.format(Locale.ROOT, "%.2f", measured.median() / tool.median())
                      : ""));
      cells.add(Figures.spread(measured.cpuSeconds()));
      cells.add(
          measured.peakBytes().isEmpty()
              ? ""
              : Figures.count(Figures.quantile(measured.peakBytes(), 1) / MIB));
      row(out, cells.toArray(String[]::new));
    }
    out.append('\n');
    for (String note : result.notes()) {
      out.append("- ").append(note).append('\n');
    }
    for (Measurement measured : result.rows()) {
      for (String failure : measured.failures()) {
        out.append("- Failed: ")
            .append(measured.title())
            .append(", ")
            .append(failure.lines().findFirst().orElse(""))
            .append('\n');
      }
    }
    out.append('\n');
  }

  private static void row(StringBuilder out, String... cells) {
    for (String cell : cells) {
      out.append("| ").append(cell.replace("|", "\\|")).append(' ');
    }
    out.append("|\n");
  }

  // ---- for the terminal

  /** Prints the table of a case, in columns. */
  static void print(Result result) {
    StringBuilder markdown = new StringBuilder();
    section(markdown, result);
    System.out.println();
    System.out.println(Columns.aligned(markdown.toString()));
    for (Check check : result.checks()) {
      System.out.printf(
          "%s: %s: %s%n", check.kept() ? "kept    " : "NOT KEPT", check.target(), check.measured());
    }
    System.out.println();
  }
}

package io.bgfetch.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The results of all cases, of this run and of earlier ones on such a machine, as {@code
 * benchmarks.json} and {@code benchmarks.md}. The Markdown ends with what people wrote, {@code
 * bench/notes.md}.
 */
final class Report {

  private static final double MIB = 1 << 20;
  private static final String JSON = "benchmarks.json";
  private static final String MARKDOWN = "benchmarks.md";

  /** Facts of a machine between which results can stand side by side. */
  private static final List<String> SAME =
      List.of("processors", "processor", "memory", "file system", "kernel");

  private final Options options;
  private final Path notes;
  private final Map<String, Object> machine;
  private final Map<String, Object> versions;
  private final String revision;
  private final List<String> order;
  private final Map<String, Result> results = new TreeMap<>();
  private boolean changed;

  /**
   * @param revision of the sources that are measured now
   * @param order the letters of the cases, as they are to stand
   */
  Report(
      Options options,
      Path notes,
      Map<String, Object> machine,
      Map<String, Object> versions,
      String revision,
      Collection<String> order) {
    this.options = options;
    this.notes = notes;
    this.machine = machine;
    this.versions = versions;
    this.revision = revision;
    this.order = List.copyOf(order);
  }

  /** Takes over what was measured on such a machine before, and says what is not. */
  void readEarlier() throws IOException {
    for (Path folder : new LinkedHashSet<>(List.of(options.output(), options.partial()))) {
      Path file = folder.resolve(JSON);
      if (Files.exists(file)) {
        readEarlier(file);
      }
    }
  }

  private void readEarlier(Path file) throws IOException {
    Map<String, Object> earlier = Json.parseObject(Files.readString(file));
    List<String> differences = new ArrayList<>();
    differ(SAME, machine, Json.object(earlier.get("machine")), differences);
    differ(Machine.TOOLS, versions, Json.object(earlier.get("versions")), differences);
    differ(List.of("counts"), Map.of("counts", counts()), earlier, differences);
    if (!differences.isEmpty()) {
      System.out.println(
          "dropped: the results in " + file + ", as they are of other circumstances:");
      differences.forEach(System.out::println);
      return;
    }
    Json.list(earlier.get("results")).stream()
        .map(result -> Result.fromJson(Json.object(result)))
        .filter(result -> order.contains(result.id()))
        .forEach(result -> results.merge(result.id(), result, Result::later));
  }

  private static void differ(
      List<String> names, Map<String, Object> now, Map<String, Object> then, List<String> into) {
    for (String name : names) {
      if (!now.get(name).equals(then.get(name))) {
        into.add("  " + name + " was " + then.get(name) + ", is " + now.get(name));
      }
    }
  }

  private String counts() {
    return options.quick() ? "a tenth" : "all";
  }

  /** Replaces what there was of this case, and writes what there is now. */
  void put(Result result) throws IOException {
    results.put(result.id(), result);
    changed = true;
    write(options.partial());
  }

  /** Puts the results where they are to be read if every case has one; says where they are. */
  void finish() throws IOException {
    if (!changed) {
      return;
    }
    List<String> missing = order.stream().filter(id -> !results.containsKey(id)).toList();
    Path folder = missing.isEmpty() ? options.output() : options.partial();
    write(folder);
    System.out.println("written: " + folder.resolve(MARKDOWN) + " and .json");
    if (!missing.isEmpty()) {
      System.out.println("without a result yet: " + String.join(", ", missing));
    }
  }

  private void write(Path folder) throws IOException {
    Files.createDirectories(folder);
    Files.writeString(folder.resolve(JSON), Json.write(json()));
    Files.writeString(folder.resolve(MARKDOWN), markdown());
  }

  private Map<String, Object> json() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("machine", machine);
    json.put("versions", versions);
    json.put("counts", counts());
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
        say something, absolute figures say how fast the machine is. Figures are medians with minimum and maximum;
        "Runs" says of how many.

        """);
    if (options.quick()) {
      out.append("Of a quick run: a tenth of the counts, so nothing to compare others with.\n\n");
    }
    facts(out, "Machine", machine);
    facts(out, "Versions", versions);
    List<Check> all = ordered().stream().flatMap(result -> result.checks().stream()).toList();
    if (!all.isEmpty()) {
      out.append("## Targets\n\n| Case | Target | Measured | |\n|---|---|---|---|\n");
      for (Result result : ordered()) {
        for (Check check : result.checks()) {
          row(
              out,
              result.id() + (result.revision().equals(revision) ? "" : ", " + result.revision()),
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
    out.append("Measured ").append(result.when()).append(", ").append(result.revision());
    out.append(".\n\n");
    List<String> header =
        new ArrayList<>(List.of("Program", "How", "Median (min, max)", "Unit", "Runs"));
    Optional<Measurement> fastest = result.fastestTool();
    fastest.ifPresent(tool -> header.add("Ratio to " + tool.program()));
    header.addAll(List.of("CPU s", "Peak MiB"));
    row(out, header.toArray(String[]::new));
    out.append("|---".repeat(header.size())).append("|\n");
    for (Measurement measured : result.rows()) {
      List<String> cells = new ArrayList<>(List.of(measured.program(), measured.how()));
      cells.add(measured.isMeasured() ? Figures.spread(measured.values()) : "failed");
      cells.add(measured.unit());
      cells.add(Integer.toString(measured.values().size()));
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

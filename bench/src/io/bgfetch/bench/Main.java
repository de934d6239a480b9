package io.bgfetch.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** {@code bench/run}: measures the cases that are asked for, one after the other. */
public final class Main {

  /** In the order in which they are measured. */
  private static final List<Case> CASES =
      List.of(
          new Downloads("a", 20_000, 1 << 10, true),
          new Downloads("b2", 10_000, 24 << 10, true),
          new Downloads("b", 10_000, 16 << 10, false),
          new Downloads("c", 2_000, 256 << 10, false),
          new OneBody("d", 1_024),
          new Latency(),
          new Bursts(),
          new Limits(),
          new SlowOrigin(),
          new Registering(),
          new Growth(),
          new Scaling());

  private static final DateTimeFormatter MINUTES =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm 'UTC'", Locale.ROOT);

  private Main() {}

  /**
   * @param args the root of the repository, then what the command line says
   */
  public static void main(String[] args) throws Exception {
    Path repository = Path.of(args[0]).toRealPath();
    Map<String, Case> cases =
        CASES.stream()
            .collect(
                Collectors.toMap(Case::id, Function.identity(), (a, b) -> a, LinkedHashMap::new));
    String[] arguments = List.of(args).subList(1, args.length).toArray(String[]::new);
    if (List.of(arguments).contains("--help")) {
      System.out.printf(Options.USAGE, String.join(", ", cases.keySet()));
      return;
    }
    Options options;
    try {
      options = Options.of(repository, cases.keySet(), arguments);
    } catch (IllegalArgumentException e) {
      System.err.println("bench/run: " + e.getMessage());
      System.err.printf(Options.USAGE, String.join(", ", cases.keySet()));
      System.exit(2);
      return;
    }
    System.exit(run(repository, options, cases) ? 0 : 1);
  }

  /** Whether everything could be measured; targets that are not kept are no failure. */
  private static boolean run(Path repository, Options options, Map<String, Case> cases)
      throws Exception {
    Path bgfetch = repository.resolve("bgfetch");
    try (Owned owned = new Owned()) {
      owned.closeAtExit();
      Path directory = Directories.create(options.scratch());
      owned.addClosing(() -> Directories.delete(directory));
      String revision = Machine.revision(repository);
      Map<String, Object> versions = Machine.versions(repository, bgfetch, revision);
      Report report =
          new Report(
              options,
              repository.resolve("bench/notes.md"),
              Machine.hardware(directory),
              versions,
              revision,
              cases.keySet());
      report.readEarlier();
      Origin origin = owned.add(Origin.start(directory));
      Bench bench = owned.add(new Bench(options, bgfetch, directory, origin, versions));
      List<String> failed = new ArrayList<>();
      for (Case one : cases.values()) {
        if (options.cases().contains(one.id()) && !Processes.isEnding()) {
          Result result = new Result(one.id(), one.title(bench), now(), revision);
          if (measure(one, bench, result)) {
            report.put(result);
          } else {
            failed.add(one.id());
          }
        }
      }
      if (Processes.isEnding()) {
        return false;
      }
      report.finish();
      if (!failed.isEmpty()) {
        System.out.println("failed, what there was before stays: " + String.join(", ", failed));
      }
      return failed.isEmpty();
    }
  }

  /** Whether it could be measured: bgfetch did its work each time. */
  private static boolean measure(Case one, Bench bench, Result result) throws Exception {
    bench.begin(one);
    boolean measured = false;
    try {
      one.measure(bench, result);
      measured = result.isSuccess();
    } catch (Failure | IOException e) {
      bench.say("FAILED: %s", e.getMessage());
      result.notes().add("Failed: " + e.getMessage().lines().findFirst().orElse(""));
    }
    if (Processes.isEnding()) {
      return false;
    }
    Report.print(result);
    if (!measured) {
      bench.closeClusters(); // whatever is wrong with them
    }
    return measured;
  }

  private static String now() {
    return ZonedDateTime.now(ZoneOffset.UTC).format(MINUTES);
  }
}

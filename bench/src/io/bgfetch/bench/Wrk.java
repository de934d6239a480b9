package io.bgfetch.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the origin can answer, as wrk sees it, which keeps nothing and looks at nothing. */
final class Wrk {

  private static final int SECONDS = 3;
  private static final Pattern RATE = Pattern.compile("Requests/sec:\\s+([0-9.]+)");
  private static final Pattern ERRORS = Pattern.compile("(?m)^\\s*(Socket errors|Non-2xx).*$");

  private Wrk() {}

  static Measurement ceiling(Bench bench, Bodies bodies, int connections)
      throws IOException, InterruptedException {
    Path script = bench.directory().resolve("wrk.lua");
    String path = bodies.path().replaceFirst("^http://[^/]+", "");
    Files.writeString(
        script,
        String.format(
            Locale.ROOT,
            """
            local n = -1
            request = function()
              n = (n + 1) %% %d
              return wrk.format("GET", "%s" .. n)
            end
            """,
            bodies.count(),
            path));
    String how = connections + " connections, keeps nothing";
    Measurement row = new Measurement("wrk", how, "fetches/s");
    bench.settle();
    String said =
        Programs.output(
            Programs.path("wrk"),
            "--threads=1",
            "--connections=" + connections,
            "--duration=" + SECONDS + "s",
            "--script=" + script,
            bodies.path());
    Matcher rate = RATE.matcher(said);
    Matcher errors = ERRORS.matcher(said);
    if (errors.find() || !rate.find()) {
      row.failures().add(said.lines().reduce((first, last) -> last).orElse("said nothing").strip());
    } else {
      row.values().add(Double.valueOf(rate.group(1)));
    }
    bench.say("wrk, %s: %s", how, row.isMeasured() ? Figures.number(row.median()) + "/s" : said);
    return row;
  }
}

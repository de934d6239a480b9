package io.bgfetch.url;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** Parsing of a URL, as every request of a registration is parsed. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class WebUrlBenchmark {

  @Param({
    "http://127.0.0.1:9111/1k/12345",
    "https://www.example.com/a/long/path/to/some/file-12345.html?page=3&sort=name#part",
    "https://bücher.example/ä/../ö b?q=ü"
  })
  String url;

  @Benchmark
  public WebUrl parse() {
    return WebUrl.parse(url);
  }
}

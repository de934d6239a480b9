package io.bgfetch.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A subscriber of a gateway's server-sent events who notes when it is told of which end. */
final class Ends implements AutoCloseable {

  private static final Pattern ID = Pattern.compile("\"id\":\"([^\"]+)\"");
  private static final String END = "event: backgroundfetch";

  private final InputStream stream;
  private final Map<String, Long> times = new ConcurrentHashMap<>();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition more = lock.newCondition();

  private Ends(InputStream stream) {
    this.stream = stream;
  }

  static Ends of(Api api) throws Failure, InterruptedException {
    Ends ends = new Ends(api.events().body());
    Thread.ofPlatform().daemon().name("ends").start(ends::read);
    return ends;
  }

  private void read() {
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
      boolean isEnd = false;
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.startsWith("event: ")) {
          isEnd = line.startsWith(END);
        } else if (isEnd && line.startsWith("data: ")) {
          note(line);
        }
      }
    } catch (IOException closed) {
      // the end
    }
  }

  private void note(String data) {
    long now = System.nanoTime();
    Matcher id = ID.matcher(data);
    if (id.find()) {
      lock.lock();
      try {
        times.putIfAbsent(id.group(1), now);
        more.signalAll();
      } finally {
        lock.unlock();
      }
    }
  }

  /** When the end of a registration was told, in the terms of {@link System#nanoTime}. */
  long await(String id, Duration within) throws Failure, InterruptedException {
    long left = within.toNanos();
    lock.lock();
    try {
      while (!times.containsKey(id)) {
        if (left <= 0) {
          throw new Failure("hung: no end event of " + id + " in " + within.toSeconds() + " s");
        }
        left = more.awaitNanos(left);
      }
      return times.get(id);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() throws IOException {
    stream.close();
  }
}

package io.bgfetch.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import io.bgfetch.client.BackgroundFetchRecord;
import io.bgfetch.client.BackgroundFetchRegistration;
import io.bgfetch.client.RegistrationState;
import io.bgfetch.testkit.Origin;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** What must hold of an ended fetch, whatever happened on the way. */
final class Expected {
  private static final int READERS = 8;

  private Expected() {}

  /** The counters of a registration are what its records say. */
  static void exactCounters(BackgroundFetchRegistration registration, long succeeded, long failed) {
    RegistrationState state = registration.refresh();
    List<BackgroundFetchRecord> records = registration.records().stream().toList();

    assertThat(state.records())
        .isEqualTo(
            new RegistrationState.RecordCounts(
                succeeded + failed, succeeded + failed, succeeded, failed));
    assertThat(records).hasSize((int) (succeeded + failed));
    assertThat(records.stream().filter(record -> record.result().equals("success")))
        .hasSize((int) succeeded);
    assertThat(state.downloaded())
        .isEqualTo(records.stream().mapToLong(BackgroundFetchRecord::downloaded).sum());
  }

  /** Reads all bodies and compares them with what {@code /bytes/{n}?seed=s} sends. */
  static void identicalBodies(List<BackgroundFetchRecord> records, Sizes sizes)
      throws InterruptedException {
    try (ExecutorService readers = Executors.newFixedThreadPool(READERS)) {
      List<Future<?>> readings =
          records.stream()
              .<Future<?>>map(record -> readers.submit(() -> identicalBody(record, sizes)))
              .toList();
      for (Future<?> reading : readings) {
        reading.get();
      }
    } catch (ExecutionException e) {
      throw new AssertionError(e.getCause());
    }
  }

  private static void identicalBody(BackgroundFetchRecord record, Sizes sizes) {
    try (InputStream body = record.body()) {
      assertThat(body.readAllBytes())
          .as("the body of record %d", record.index())
          .isEqualTo(Origin.bytes(record.index(), sizes.of(record.index())));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** How long the body of a record is. Its seed is its index. */
  @FunctionalInterface
  interface Sizes {
    int of(long index);
  }
}

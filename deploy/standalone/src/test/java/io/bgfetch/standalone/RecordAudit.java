package io.bgfetch.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.bgfetch.client.BackgroundFetchManager;
import io.bgfetch.client.BackgroundFetchRecord;
import io.bgfetch.client.BackgroundFetchRegistration;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** What clients must read of records that have ended, byte by byte. */
final class RecordAudit {
  private static final int READERS = 8;
  private static final String LOST = "lost 3 workers";

  private final BackgroundFetchManager gateway;
  private final LoadPages pages;

  RecordAudit(BackgroundFetchManager gateway, LoadPages pages) {
    this.gateway = gateway;
    this.pages = pages;
  }

  /** Checks every record of the registration, and returns them. */
  List<BackgroundFetchRecord> check(Load.Registered registered) throws Exception {
    BackgroundFetchRegistration registration = gateway.find(registered.uid()).orElseThrow();
    List<BackgroundFetchRecord> records = registration.records().stream().toList();
    assertThat(records.stream().map(RecordAudit::page)).isEqualTo(registered.pages());
    try (ExecutorService readers = Executors.newFixedThreadPool(READERS)) {
      List<Future<?>> readings = new ArrayList<>();
      records.forEach(record -> readings.add(readers.submit(() -> check(record))));
      for (Future<?> reading : readings) {
        reading.get();
      }
    }
    return records;
  }

  private static LoadPage page(BackgroundFetchRecord record) {
    return LoadPage.ofUrl(record.request().url());
  }

  private void check(BackgroundFetchRecord record) {
    LoadPage page = page(record);
    if (!page.safe()) {
      wasSentAtMostOnce(record, page);
    }
    if (!record.result().equals(page.result())) {
      hadAnExcuse(record, page);
    } else if (page.status() != 0) {
      assertThat(body(record)).as(record.toJson()).isEqualTo(page.body());
    }
  }

  /** Nothing but an abort and lost workers may make of a record what its page did not. */
  private static void hadAnExcuse(BackgroundFetchRecord record, LoadPage page) {
    switch (record.result()) {
      case "aborted" -> assertThat(record.error()).as(record.toJson()).isNull();
      case "fetch-error" -> {
        if (page.safe()) {
          assertThat(record.error()).as(record.toJson()).isEqualTo(LOST);
        }
      }
      default -> fail(record.toJson());
    }
  }

  private void wasSentAtMostOnce(BackgroundFetchRecord record, LoadPage page) {
    int times = pages.sighting(page).times();
    assertThat(times).as(record.toJson()).isLessThanOrEqualTo(1);
    assertThat(times == 0 && record.result().equals("success")).as(record.toJson()).isFalse();
  }

  private static byte[] body(BackgroundFetchRecord record) {
    try (InputStream body = record.body()) {
      return body.readAllBytes();
    } catch (IOException e) {
      throw new AssertionError(record.toJson(), e);
    }
  }
}

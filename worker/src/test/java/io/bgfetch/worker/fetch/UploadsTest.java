package io.bgfetch.worker.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import io.bgfetch.blob.StoredBody;
import io.bgfetch.testkit.Origin;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UploadsTest {

  @TempDir Path directory;
  private Origin origin;
  private FetchUnderTest worker;

  @BeforeEach
  void start() {
    origin = Origin.start();
    worker = new FetchUnderTest(directory, Map.of());
  }

  @AfterEach
  void stop() {
    worker.close();
    origin.close();
  }

  @Test
  void post() {
    var body = new StoredBody.Inline("hello".getBytes());
    assertThat(worker.fetch(FetchUnderTest.request("POST", origin.url("/echo"), Map.of(), body)))
        .isNull();
  }
}

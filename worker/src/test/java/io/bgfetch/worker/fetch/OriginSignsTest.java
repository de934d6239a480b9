package io.bgfetch.worker.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import io.bgfetch.fetch.FetchRequest;
import io.bgfetch.url.WebUrl;
import io.bgfetch.worker.RawOrigin;
import io.bgfetch.worker.fetch.FetchUnderTest.Sign;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OriginSignsTest {

  @Test
  void tellOfEachHostThatAnswered(@TempDir Path directory) {
    String refusal = "HTTP/1.1 503 Later\r\nRetry-After: 7\r\nContent-Length: 0\r\n\r\n";
    try (FetchUnderTest worker = new FetchUnderTest(directory, Map.of());
        RawOrigin second = RawOrigin.leavingOpen(refusal);
        RawOrigin first =
            RawOrigin.leavingOpen(
                "HTTP/1.1 302 Found\r\nLocation: "
                    + second.url()
                    + "\r\nContent-Length: 0\r\n\r\n")) {
      worker.settled(FetchRequest.get(first.url()));

      assertThat(worker.signs())
          .containsExactly(
              new Sign(authority(first), 302, null), new Sign(authority(second), 503, 7_000L));
    }
  }

  private static String authority(RawOrigin origin) {
    return WebUrl.parse(origin.url()).authority();
  }
}

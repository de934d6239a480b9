package io.bgfetch.standalone;

import io.bgfetch.client.BackgroundFetchManager;
import io.bgfetch.config.Settings;
import io.bgfetch.testkit.TestBackends;
import java.net.URI;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;

/**
 * A gateway and two workers in this JVM, on real backends of their own, which may go to loopback.
 *
 * @param postgres where its database is
 * @param kafka where its broker is
 * @param url of the gateway
 */
record TestCluster(String postgres, String kafka, URI url, ProcessResources resources)
    implements AutoCloseable {

  static TestCluster start(TestBackends backends, Path directory, Map<String, String> more)
      throws Exception {
    return start(backends.freshDatabase(), backends.freshKafka(), directory, more);
  }

  static TestCluster start(String postgres, String kafka, Path directory, Map<String, String> more)
      throws Exception {
    ProcessResources resources = new ProcessResources();
    Map<String, String> settings = new HashMap<>(more);
    settings.put("BGFETCH_HTTP_PORT", "0");
    settings.put("BGFETCH_EGRESS_ALLOW", "127.0.0.0/8");
    settings.put("BGFETCH_RETRY_BASE", "100ms");
    LocalCluster.Plan plan =
        LocalCluster.Plan.of(Settings.of(settings, new Properties()), directory, 2);
    return new TestCluster(
        postgres, kafka, LocalCluster.on(postgres, kafka, plan, resources).url(), resources);
  }

  /** Ends all processes of it and starts others on what they leave behind. */
  TestCluster restart(Path directory, Map<String, String> more) throws Exception {
    close();
    return start(postgres, kafka, directory, more);
  }

  BackgroundFetchManager client() {
    return BackgroundFetchManager.of(url);
  }

  @Override
  public void close() {
    resources.close();
  }
}

package io.bgfetch.standalone;

import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** The tests of those modules of the dashboard that need no page. */
class DashboardModulesTest {

  @TestFactory
  Stream<DynamicTest> inNode(@TempDir Path directory) throws Exception {
    return NodeTests.run(directory, Map.of(), NodeTests.filesIn("../../api-gateway/src/test/js"));
  }
}

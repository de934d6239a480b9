package io.bgfetch.standalone;

import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** The tests of the JavaScript client that need no gateway. */
class JavaScriptClientTest {

  @TestFactory
  Stream<DynamicTest> inNode(@TempDir Path directory) throws Exception {
    return NodeTests.run(directory, Map.of(), NodeTests.filesIn("test"));
  }
}

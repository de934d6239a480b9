package io.bgfetch.egress;

import io.vertx.core.Future;
import java.net.InetAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Names that lead where the test says. */
final class FakeHostNames implements HostNames {

  private final Map<String, Future<List<InetAddress>>> answers = new HashMap<>();
  boolean closed;

  FakeHostNames with(String name, String... addresses) {
    List<InetAddress> found =
        Stream.of(addresses)
            .map(address -> IpLiteral.toInetAddress(AddressRange.bytesOf(address)))
            .toList();
    answers.put(name, Future.succeededFuture(found));
    return this;
  }

  FakeHostNames failing(String name, EgressFailure failure) {
    return answering(name, Future.failedFuture(failure));
  }

  FakeHostNames answering(String name, Future<List<InetAddress>> answer) {
    answers.put(name, answer);
    return this;
  }

  @Override
  public Future<List<InetAddress>> addressesOf(String name) {
    return answers.getOrDefault(name, Future.failedFuture(new AssertionError("asked: " + name)));
  }

  @Override
  public void close() {
    closed = true;
  }
}

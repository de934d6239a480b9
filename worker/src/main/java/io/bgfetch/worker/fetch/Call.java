package io.bgfetch.worker.fetch;

import io.bgfetch.url.WebUrl;
import java.net.InetSocketAddress;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One HTTP request to one address.
 *
 * @param address the very address to connect to; the URL's host stays in Host, SNI and certificate
 *     check
 * @param headers all that are sent, but for Host and those of the connection
 * @param connectMillis how long making the connection may take
 * @param fresh whether it must go out on a connection that carried nothing before
 */
record Call(
    InetSocketAddress address,
    WebUrl url,
    String method,
    Map<String, String> headers,
    @Nullable OutgoingBody body,
    long connectMillis,
    boolean fresh) {

  /** Without the headers: they may carry secrets. */
  @Override
  public String toString() {
    return method + " " + url + " at " + address;
  }
}

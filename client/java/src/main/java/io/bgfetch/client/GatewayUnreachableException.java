package io.bgfetch.client;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.http.HttpConnectTimeoutException;
import java.nio.channels.UnresolvedAddressException;

/**
 * There was no answer of a gateway: no connection, none in time, a lost one, or an answer that no
 * gateway gives. Whether a call that changes something took effect is then not known.
 */
public final class GatewayUnreachableException extends UncheckedIOException {
  private static final long serialVersionUID = 1L;

  private GatewayUnreachableException(String message, IOException cause) {
    super(message, cause);
  }

  static GatewayUnreachableException at(String address, IOException cause) {
    return new GatewayUnreachableException("no gateway at " + address + ": " + why(cause), cause);
  }

  /** The JDK leaves the commonest failures without a message. */
  private static String why(IOException cause) {
    if (cause instanceof HttpConnectTimeoutException) {
      return "no connection in time";
    }
    if (cause instanceof ConnectException) {
      return hasCause(cause, UnresolvedAddressException.class)
          ? "the host is not known"
          : "connection refused";
    }
    return cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
  }

  private static boolean hasCause(Throwable failure, Class<?> type) {
    Throwable cause = failure.getCause();
    return cause != null && (type.isInstance(cause) || hasCause(cause, type));
  }
}

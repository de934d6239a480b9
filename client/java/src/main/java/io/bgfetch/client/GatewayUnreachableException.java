package io.bgfetch.client;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.http.HttpConnectTimeoutException;
import java.nio.channels.UnresolvedAddressException;

/**
 * There was no answer of a gateway: no connection, none in time, a lost one, or an answer that no
 * gateway gives. Calls have then been repeated for as long as the client was told to ({@link
 * BackgroundFetchManager.Builder#retryTimeout}). Whether a call that changes something took effect
 * is not known.
 *
 * <pre>{@code
 * try {
 *   manager.get("my-fetch");
 * } catch (GatewayUnreachableException e) {
 *   System.err.println(e.getMessage()); // no gateway at http://127.0.0.1:8080: connection refused
 * }
 * }</pre>
 */
public final class GatewayUnreachableException extends UncheckedIOException {
  private static final long serialVersionUID = 1L;

  private enum Kind {
    /** The call was surely not carried out. */
    UNSENT,
    /** It may have been. */
    LOST,
    /** Trying again is no use. */
    FINAL
  }

  private final IOException reason;
  private final Kind kind;

  private GatewayUnreachableException(String message, IOException cause, Kind kind) {
    super(message, cause);
    this.reason = cause;
    this.kind = kind;
  }

  /** There was no connection, or it was lost. */
  static GatewayUnreachableException at(String address, IOException cause) {
    return of(address, cause, isConnecting(cause) ? Kind.UNSENT : Kind.LOST);
  }

  /** There was something, but no gateway. */
  static GatewayUnreachableException forGood(String address, IOException cause) {
    return of(address, cause, Kind.FINAL);
  }

  private static GatewayUnreachableException of(String address, IOException cause, Kind kind) {
    return new GatewayUnreachableException(
        "no gateway at " + address + ": " + why(cause), cause, kind);
  }

  /** The same failure as that of several addresses. */
  GatewayUnreachableException at(String addresses) {
    return of(addresses, reason, kind);
  }

  /** The same failure with more to say. */
  GatewayUnreachableException because(String more) {
    return new GatewayUnreachableException(getMessage() + "; " + more, reason, Kind.FINAL);
  }

  boolean unsent() {
    return kind == Kind.UNSENT;
  }

  boolean passes() {
    return kind != Kind.FINAL;
  }

  private static boolean isConnecting(IOException cause) {
    return cause instanceof ConnectException || cause instanceof HttpConnectTimeoutException;
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

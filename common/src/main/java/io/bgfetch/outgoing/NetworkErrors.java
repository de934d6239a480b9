package io.bgfetch.outgoing;

import io.bgfetch.egress.EgressFailure;
import io.bgfetch.tunnel.TunnelFailure;
import io.netty.channel.ConnectTimeoutException;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.TooLongFrameException;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.proxy.ProxyConnectException;
import io.netty.handler.ssl.NotSslRecordException;
import io.vertx.core.VertxException;
import io.vertx.core.http.HttpClosedException;
import io.vertx.core.http.StreamResetException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.nio.channels.ClosedChannelException;
import java.security.GeneralSecurityException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** Puts what the network layers throw into words, and tells what may pass from what will not. */
public final class NetworkErrors {

  private static final int LONGEST_DETAIL = 200;

  private NetworkErrors() {}

  /** The error that a failure of the client stands for. */
  public static NetworkError of(Throwable failure) {
    return switch (failure) {
      case KnownFailure known -> known.error();
      case EgressFailure egress -> new NetworkError(detail(egress), egress.mayPass());
      case SSLException tls -> ofTls(tls);
      case CertificateException certificate ->
          NetworkError.lasting("certificate: " + detail(certificate));
      case ConnectTimeoutException late -> NetworkError.passing("no connection in time");
      case TimeoutException late -> NetworkError.passing("no connection in time");
      case ProxyConnectException proxy -> ofTunnel(TunnelFailure.behind(proxy));
      case NoRouteToHostException none -> NetworkError.passing("no route to host");
      case ConnectException refused -> NetworkError.passing("connection refused");
      case HttpClosedException closed -> NetworkError.passing("connection closed by the origin");
      case ClosedChannelException closed -> NetworkError.passing("connection closed");
      case StreamResetException reset when reset.getCode() == Http2Error.PROTOCOL_ERROR.code() ->
          NetworkError.lasting("protocol error: the origin says so");
      case Http2Exception malformed -> NetworkError.lasting("protocol error: " + detail(malformed));
      case StreamResetException reset -> NetworkError.passing("stream reset by the origin");
      case TooLongFrameException tooLong ->
          NetworkError.lasting("protocol error: the response head is too long");
      case DecoderException malformed -> ofDecoder(malformed);
      case IOException io -> NetworkError.passing("connection lost: " + detail(io));
      case VertxException vertx when vertx.getCause() != null -> of(vertx.getCause());
      case IllegalArgumentException malformed ->
          NetworkError.lasting("protocol error: " + detail(malformed));
      default -> NetworkError.passing("connection failed: " + detail(failure));
    };
  }

  private static NetworkError ofTunnel(TunnelFailure failure) {
    return new NetworkError(detail(failure), failure.mayPass());
  }

  /** Handshake errors are final, but for a peer that hung up before it had said anything. */
  private static NetworkError ofTls(SSLException tls) {
    if (tls.getCause() instanceof ClosedChannelException
        || detail(tls).startsWith("Connection closed while SSL/TLS handshake")) {
      return NetworkError.passing("connection closed in the TLS handshake");
    }
    return switch (innermost(tls)) {
      case CertPathBuilderException untrusted ->
          NetworkError.lasting("certificate: from no authority that is trusted");
      case CertificateExpiredException expired -> NetworkError.lasting("certificate: expired");
      case CertificateNotYetValidException early ->
          NetworkError.lasting("certificate: not yet valid");
      case NotSslRecordException foreign ->
          NetworkError.lasting("TLS: the origin speaks something else");
      case GeneralSecurityException certificate ->
          NetworkError.lasting("certificate: " + detail(certificate));
      case Throwable other -> NetworkError.lasting("TLS: " + detail(other));
    };
  }

  private static NetworkError ofDecoder(DecoderException malformed) {
    return malformed.getCause() instanceof SSLException tls
        ? ofTls(tls)
        : NetworkError.lasting("protocol error: " + detail(malformed));
  }

  private static Throwable innermost(Throwable failure) {
    Throwable cause = failure.getCause();
    return cause == null || cause == failure ? failure : innermost(cause);
  }

  /** A line of bounded length without control characters: parts of it may be the origin's words. */
  private static String detail(Throwable failure) {
    @Nullable String message = failure.getMessage();
    String text = message == null ? failure.getClass().getSimpleName() : message;
    String line = text.replaceAll("\\p{Cntrl}+", " ").strip();
    return line.length() <= LONGEST_DETAIL ? line : line.substring(0, LONGEST_DETAIL) + "…";
  }
}

package io.bgfetch.outgoing;

import static org.assertj.core.api.Assertions.assertThat;

import io.bgfetch.egress.ResolutionFailed;
import io.bgfetch.egress.UnknownHost;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.vertx.core.http.HttpClosedException;
import io.vertx.core.http.StreamResetException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.nio.channels.ClosedChannelException;
import java.security.cert.CertificateExpiredException;
import java.util.stream.Stream;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class NetworkErrorsTest {

  private static final class Known extends RuntimeException implements KnownFailure {

    private final transient NetworkError error;

    Known(NetworkError error) {
      this.error = error;
    }

    @Override
    public NetworkError error() {
      return error;
    }
  }

  static Stream<Throwable> passing() {
    return Stream.of(
        new ConnectException("Connection refused: /127.0.0.1:1"),
        new NoRouteToHostException(),
        new IOException("Connection reset by peer"),
        new ClosedChannelException(),
        new HttpClosedException("Connection was closed"),
        new StreamResetException(8),
        new ResolutionFailed("a.example", "SERVFAIL"),
        new SSLHandshakeException("Connection closed while SSL/TLS handshake was in progress"));
  }

  @ParameterizedTest
  @MethodSource
  void passing(Throwable failure) {
    assertThat(NetworkErrors.of(failure).mayPass()).isTrue();
  }

  static Stream<Throwable> lasting() {
    return Stream.of(
        new UnknownHost("a.example"),
        new SSLHandshakeException("certificate unknown"),
        new DecoderException(new SSLHandshakeException("no cipher")),
        new CertificateExpiredException("expired"),
        new TooLongHttpHeaderException("HTTP header is larger than 65536 bytes."),
        new DecoderException("nonsense"),
        new StreamResetException(1),
        Http2Exception.connectionError(Http2Error.FRAME_SIZE_ERROR, "a frame too long"),
        new IllegalArgumentException("invalid version format: HTTQ"),
        new Known(NetworkError.lasting("rules")));
  }

  @ParameterizedTest
  @MethodSource
  void lasting(Throwable failure) {
    assertThat(NetworkErrors.of(failure).mayPass()).isFalse();
  }

  @Test
  void areOneLineOfBoundedLength() {
    String line = NetworkErrors.of(new IOException("a\r\nb" + "c".repeat(10_000))).line();

    assertThat(line).doesNotContain("\n", "\r").hasSizeLessThan(300);
  }
}

package io.bgfetch.outgoing;

/** A failure that knows by itself what it is to be called. */
public interface KnownFailure {

  NetworkError error();
}

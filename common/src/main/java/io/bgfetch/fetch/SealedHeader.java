package io.bgfetch.fetch;

/**
 * The value of a request header that carries a secret, as it stands at rest and on the wire: nobody
 * but the worker that sends the request opens it.
 *
 * @param sealed the encrypted value, base64
 * @param mac tells equal values from different ones without opening them, base64
 */
public record SealedHeader(String sealed, String mac) {}

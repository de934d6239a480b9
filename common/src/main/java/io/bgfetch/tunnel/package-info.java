/**
 * The way out through an HTTP proxy. The HTTP client would send plain requests to such a proxy in
 * the proxy's own form, by name; here everything goes by CONNECT, to the address that was judged.
 * So the client speaks SOCKS to this package, on loopback, and this package CONNECT to the proxy.
 */
@NullMarked
package io.bgfetch.tunnel;

import org.jspecify.annotations.NullMarked;

/** Unpacking of gzip (RFC 1952) in pieces, without a stream that would block. */
@NullMarked
package io.bgfetch.gzip;

import org.jspecify.annotations.NullMarked;

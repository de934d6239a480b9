/**
 * Where fetches may go: the rules for addresses, what configuration opens, and the guard that turns
 * the host of a URL into the very addresses that may be connected to.
 */
@NullMarked
package io.bgfetch.egress;

import org.jspecify.annotations.NullMarked;

/**
 * Requests that leave, as fetches and webhooks make them: the client and its way out, what failures
 * of the network are called, and when somebody wants to be asked again.
 */
@NullMarked
package io.bgfetch.outgoing;

import org.jspecify.annotations.NullMarked;

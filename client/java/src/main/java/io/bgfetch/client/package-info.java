/**
 * A client of the bgfetch gateway with the names of the Background Fetch API of the browser.
 *
 * <p>Start at {@link io.bgfetch.client.BackgroundFetchManager}. Every call blocks its thread, has a
 * deadline, and is safe to make from many threads at once. What the gateway refuses is a {@link
 * io.bgfetch.client.BgfetchException}; that it could not be asked is a {@link
 * io.bgfetch.client.GatewayUnreachableException}. Both are unchecked.
 */
@NullMarked
package io.bgfetch.client;

import org.jspecify.annotations.NullMarked;

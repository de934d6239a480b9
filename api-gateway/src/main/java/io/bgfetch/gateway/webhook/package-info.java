/**
 * Webhooks: where tenants want to be told of ends and clicks, and telling them by Standard
 * Webhooks. What is to be told is left here by the shards, in the statement that notes an event as
 * published.
 */
@NullMarked
package io.bgfetch.gateway.webhook;

import org.jspecify.annotations.NullMarked;

/**
 * One fetch: from the permission to send its first byte to the event that ends it, through
 * redirects, deadlines, and a body that goes to the blob store while it arrives.
 */
@NullMarked
package io.bgfetch.worker.fetch;

import org.jspecify.annotations.NullMarked;

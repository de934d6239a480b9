/** News for the shards: what happened to each task, and regular reports of what is under way. */
@NullMarked
package io.bgfetch.worker.report;

import org.jspecify.annotations.NullMarked;

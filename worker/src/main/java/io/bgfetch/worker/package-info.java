/** A worker: takes jobs, fetches, stores bytes, tells the shards what happened. */
@NullMarked
package io.bgfetch.worker;

import org.jspecify.annotations.NullMarked;

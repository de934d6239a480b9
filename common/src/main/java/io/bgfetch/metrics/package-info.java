/** Metrics that every process of bgfetch has. */
@NullMarked
package io.bgfetch.metrics;

import org.jspecify.annotations.NullMarked;

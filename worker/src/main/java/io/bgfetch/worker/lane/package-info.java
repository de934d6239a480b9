/** Turns: how many fetches may run at once, per host and in all. */
@NullMarked
package io.bgfetch.worker.lane;

import org.jspecify.annotations.NullMarked;

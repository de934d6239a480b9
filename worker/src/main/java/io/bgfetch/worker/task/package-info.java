/**
 * What this worker holds: every task from the moment its job is taken until its last event is
 * acknowledged, with the permissions and the orders that decide whether it may run.
 */
@NullMarked
package io.bgfetch.worker.task;

import org.jspecify.annotations.NullMarked;

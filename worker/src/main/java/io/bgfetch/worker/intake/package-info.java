/** What comes in over Kafka: jobs, and the orders of the control topic. */
@NullMarked
package io.bgfetch.worker.intake;

import org.jspecify.annotations.NullMarked;

package io.bgfetch.gateway.webhook;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;

/** Counts and times attempts to deliver. */
final class DeliveryMeters {

  private static final String ATTEMPTS = "bgfetch.webhook.attempts";

  private final MeterRegistry registry;

  DeliveryMeters(MeterRegistry registry) {
    this.registry = registry;
  }

  void ended(Outcome outcome) {
    timer(
            switch (outcome.ruling()) {
              case Ruling.Delivered done -> "delivered";
              case Ruling.Again again -> "again";
              case Ruling.GivenUp failed -> "failed";
              case Ruling.Gone gone -> "gone";
            })
        .record(outcome.took());
  }

  private Timer timer(String result) {
    return Timer.builder(ATTEMPTS)
        .description("Attempts to deliver to webhooks by what followed from them")
        .tag("result", result)
        .maximumExpectedValue(Duration.ofMinutes(1))
        .register(registry);
  }
}

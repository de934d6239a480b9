package io.bgfetch.cli;

import io.bgfetch.client.BackgroundFetchRegistration;
import io.bgfetch.client.RegistrationState;

/** Watches a fetch to its end. Whoever interrupts the watching is told that the fetch goes on. */
final class Following {
  private final CommandContext context;

  Following(CommandContext context) {
    this.context = context;
  }

  /** Shows progress; answers how it ended. */
  RegistrationState show(BackgroundFetchRegistration registration) {
    ProgressView view = ProgressView.on(context.out(), context.terminal());
    Thread farewell = new Thread(() -> sayFarewell(registration, view), "farewell");
    Runtime.getRuntime().addShutdownHook(farewell);
    try (view) {
      return registration.follow(event -> view.show(event.registration()));
    } finally {
      removeHook(farewell);
    }
  }

  /** Prints every state as one line of JSON; answers how it ended. */
  RegistrationState print(BackgroundFetchRegistration registration) {
    return registration.follow(
        event -> {
          context.out().println(registration.toJson());
          context.out().flush();
        });
  }

  private void sayFarewell(BackgroundFetchRegistration registration, ProgressView view) {
    view.close();
    context
        .err()
        .println(
            ForeignText.clean(registration.id())
                + " goes on. To follow it again: bgfetch watch "
                + command(registration));
    context.err().flush();
  }

  /** An id that a shell cannot take as it is gives way to the uid. */
  static String command(BackgroundFetchRegistration registration) {
    return registration.id().matches("[A-Za-z0-9._][A-Za-z0-9._-]{0,63}")
        ? registration.id()
        : registration.uid();
  }

  private static void removeHook(Thread hook) {
    try {
      var unused = Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // the process is ending: the hook is what runs
    }
  }
}

package io.bgfetch.cli;

import io.bgfetch.client.BackgroundFetchRegistration;
import io.bgfetch.client.RegistrationState;
import java.util.function.Consumer;

/** Watches a fetch to its end. Whoever interrupts the watching is told that the fetch goes on. */
final class Following {
  private final CommandContext context;

  Following(CommandContext context) {
    this.context = context;
  }

  /** Shows progress; answers how it ended. */
  RegistrationState show(BackgroundFetchRegistration registration) {
    try (ProgressView view = ProgressView.on(context.out(), context.terminal())) {
      return follow(registration, view::show, view::close);
    }
  }

  /** Prints every state as one line of JSON; answers how it ended. */
  RegistrationState print(BackgroundFetchRegistration registration) {
    return follow(
        registration,
        state -> {
          context.out().println(registration.toJson());
          context.out().flush();
        },
        () -> {});
  }

  /** Shows nothing; answers how it ended. */
  RegistrationState await(BackgroundFetchRegistration registration) {
    return follow(registration, state -> {}, () -> {});
  }

  private RegistrationState follow(
      BackgroundFetchRegistration registration,
      Consumer<RegistrationState> view,
      Runnable closeView) {
    Thread farewell = new Thread(() -> sayFarewell(registration, closeView), "farewell");
    Runtime.getRuntime().addShutdownHook(farewell);
    try {
      return registration.follow(event -> view.accept(event.registration()));
    } finally {
      removeHook(farewell);
    }
  }

  private void sayFarewell(BackgroundFetchRegistration registration, Runnable closeView) {
    closeView.run();
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

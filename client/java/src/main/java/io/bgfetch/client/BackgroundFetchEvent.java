package io.bgfetch.client;

/**
 * News of a background fetch.
 *
 * <pre>{@code
 * registration.follow(event -> {
 *   if (event.isEnd()) {
 *     System.out.println(event.type() + ": " + event.registration().result());
 *   }
 * });
 * }</pre>
 *
 * @param type {@code progress}, {@code backgroundfetchsuccess}, {@code backgroundfetchfail}, {@code
 *     backgroundfetchabort} or {@code backgroundfetchclick}
 * @param registration the registration as it was then
 */
public record BackgroundFetchEvent(String type, RegistrationState registration) {
  /** Whether a person opened it, which may also be after its end. */
  boolean isClick() {
    return type.equals("backgroundfetchclick");
  }

  /** Whether nothing follows it but clicks. */
  public boolean isEnd() {
    return switch (type) {
      case "backgroundfetchsuccess", "backgroundfetchfail", "backgroundfetchabort" -> true;
      default -> false;
    };
  }
}

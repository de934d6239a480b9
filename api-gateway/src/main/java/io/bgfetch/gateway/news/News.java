package io.bgfetch.gateway.news;

import io.bgfetch.fetch.FetchResult;
import io.bgfetch.fetch.Registration;
import io.bgfetch.gateway.database.StoredRegistration;
import java.util.UUID;

/**
 * One state of a registration, or a click on it, as its followers hear of it.
 *
 * @param version of the state; of an end, the version with which it ended; of a click, the one that
 *     it made
 * @param json the registration on one line
 */
public record News(String tenant, UUID uid, Kind kind, long version, String json) {

  /** What the state is told as. */
  public enum Kind {
    PROGRESS("progress", "progress"),
    SUCCESS("success", "backgroundfetchsuccess"),
    FAIL("fail", "backgroundfetchfail"),
    ABORT("abort", "backgroundfetchabort"),
    CLICK("click", "backgroundfetchclick");

    private final String topicName;
    private final String eventName;

    Kind(String topicName, String eventName) {
      this.topicName = topicName;
      this.eventName = eventName;
    }

    /** The last part of the type on the progress topic. */
    String topicName() {
      return topicName;
    }

    /** The type of the server-sent event: that of the event in the browser's API. */
    public String eventName() {
      return eventName;
    }

    static Kind of(Registration registration) {
      return switch (registration.result()) {
        case NONE -> PROGRESS;
        case SUCCESS -> SUCCESS;
        case FAILURE -> registration.failureReason() == FetchResult.ABORTED ? ABORT : FAIL;
      };
    }
  }

  /** The present state of a registration. */
  public static News of(StoredRegistration stored) {
    return of(stored.told());
  }

  /** A state: progress while it is active, else its one end. */
  public static News of(Registration registration) {
    return of(registration, Kind.of(registration));
  }

  /** A click on a registration that has the version which the click made. */
  public static News ofClick(Registration registration) {
    return of(registration, Kind.CLICK);
  }

  private static News of(Registration registration, Kind kind) {
    return new News(
        registration.tenant(),
        registration.uid(),
        kind,
        registration.version(),
        RegistrationJson.of(registration).encode());
  }

  /** What this is known by wherever it is told: {@code {uid}:{version}:{type}}. */
  public String eventId() {
    return uid + ":" + version + ":" + kind.topicName();
  }

  public boolean isEnd() {
    return !isClick() && kind != Kind.PROGRESS;
  }

  /** Whether it tells of a person who opened the registration, and not of a state. */
  public boolean isClick() {
    return kind == Kind.CLICK;
  }
}

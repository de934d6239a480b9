package io.bgfetch.gateway.news;

import io.bgfetch.fetch.FetchResult;
import io.bgfetch.fetch.Registration;
import io.bgfetch.gateway.database.StoredRegistration;
import java.util.Objects;
import java.util.UUID;

/**
 * One state of a registration, as its followers hear of it.
 *
 * @param version of the state; of an end, the version with which it ended
 * @param json the registration on one line
 */
public record News(String tenant, UUID uid, Kind kind, long version, String json) {

  /** What the state is told as. */
  public enum Kind {
    PROGRESS("progress", "progress"),
    SUCCESS("success", "backgroundfetchsuccess"),
    FAIL("fail", "backgroundfetchfail"),
    ABORT("abort", "backgroundfetchabort");

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
    Registration registration = stored.registration();
    return new News(
        registration.tenant(),
        registration.uid(),
        Kind.of(registration),
        Objects.requireNonNullElse(stored.endVersion(), registration.version()),
        RegistrationJson.of(registration).encode());
  }

  public boolean isEnd() {
    return kind != Kind.PROGRESS;
  }
}

package io.bgfetch.gateway.registering;

import io.bgfetch.config.Units;
import io.bgfetch.fetch.RetryPolicy;
import io.bgfetch.fetch.Timeouts;
import io.bgfetch.url.WebUrl;
import io.bgfetch.url.WebUrlException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Checks what a new registration says about itself. Every refusal names the member. */
final class HeadCheck {

  private static final Set<String> HEAD = Set.of("id", "base", "options");
  private static final Set<String> DOCUMENT = Set.of("id", "base", "options", "requests");
  private static final Set<String> OPTIONS =
      Set.of("title", "icons", "downloadTotal", "retry", "timeouts", "retentionSeconds");
  private static final Set<String> RETRY = Set.of("limit", "statuses", "unsafe");
  private static final Set<String> TIMEOUTS = Set.of("connect", "firstByte", "idle", "total");

  private static final int ID_LENGTH = 1_024;
  private static final int MOST_ATTEMPTS = 1_000;
  private static final long LONGEST_RETENTION = Duration.ofDays(365).toSeconds();

  private final RegisteringLimits limits;
  private final TitleCheck titles;
  private final IconCheck icons;

  HeadCheck(RegisteringLimits limits) {
    this.limits = limits;
    this.titles = new TitleCheck(limits);
    this.icons = new IconCheck(limits);
  }

  /** Checks a document that has its requests in it, or the first line of a list of lines. */
  RegistrationHead check(JsonObject json, boolean withRequests) {
    Members head = new Members(json, "", withRequests ? DOCUMENT : HEAD);
    Members options =
        new Members(head.object("options").orElseGet(JsonObject::new), "options.", OPTIONS);
    return new RegistrationHead(
        id(head),
        base(head),
        titles.check(options),
        icons.check(options),
        options.count("downloadTotal").orElse(0L),
        retry(options),
        timeouts(options),
        options
            .number("retentionSeconds", 0, LONGEST_RETENTION)
            .orElse(limits.retention().toSeconds()));
  }

  /** The id of a registration. */
  static String id(Members head) {
    String id = head.storableText("id").orElseThrow(() -> head.wrong("id", "is missing"));
    int length = Texts.codePoints(id);
    if (length < 1 || length > ID_LENGTH) {
      throw head.wrong("id", "has " + length + " characters, not 1 to " + ID_LENGTH);
    }
    return id;
  }

  private @Nullable WebUrl base(Members head) {
    String base = head.text("base").orElse(null);
    if (base == null) {
      return null;
    }
    if (base.length() > limits.urlLength()) {
      throw head.wrong("base", "is longer than " + limits.urlLength() + " characters");
    }
    WebUrl url = parsed(head, base);
    if (url.hasCredentials()) { // every relative URL would have them
      throw head.wrong("base", "has a user or a password");
    }
    return url;
  }

  private static WebUrl parsed(Members head, String base) {
    try {
      return WebUrl.parse(base);
    } catch (WebUrlException notOne) {
      throw head.wrong("base", String.valueOf(notOne.getMessage()));
    }
  }

  private static RetryPolicy retry(Members options) {
    RetryPolicy byDefault = RetryPolicy.DEFAULT;
    JsonObject json = options.object("retry").orElse(null);
    if (json == null) {
      return byDefault;
    }
    Members retry = new Members(json, "options.retry.", RETRY);
    return new RetryPolicy(
        retry.number("limit", 1, MOST_ATTEMPTS).map(Math::toIntExact).orElse(byDefault.limit()),
        statuses(retry),
        retry.flag("unsafe").orElse(byDefault.unsafe()));
  }

  private static Set<Integer> statuses(Members retry) {
    Set<Integer> statuses = new HashSet<>();
    for (Object status : retry.list("statuses").orElseGet(JsonArray::new)) {
      if (!(status instanceof Integer number) || number < 300 || number > 599) {
        throw retry.wrong("statuses", "is not a list of statuses from 300 to 599");
      }
      statuses.add(number);
    }
    return statuses;
  }

  private Timeouts timeouts(Members options) {
    Timeouts most = limits.timeouts();
    JsonObject json = options.object("timeouts").orElse(null);
    if (json == null) {
      return most;
    }
    Members timeouts = new Members(json, "options.timeouts.", TIMEOUTS);
    return new Timeouts(
        duration(timeouts, "connect", most.connect()),
        duration(timeouts, "firstByte", most.firstByte()),
        duration(timeouts, "idle", most.idle()),
        duration(timeouts, "total", most.total()));
  }

  private static Duration duration(Members timeouts, String name, Duration most) {
    String text = timeouts.text(name).orElse(null);
    if (text == null) {
      return most;
    }
    Duration duration =
        Units.duration(text)
            .orElseThrow(() -> timeouts.wrong(name, "is not a duration like 500ms, 30s, 6h"));
    if (duration.compareTo(most) > 0) {
      throw timeouts.wrong(name, "is more than the " + most.toMillis() + "ms that are allowed");
    }
    return duration;
  }
}

package io.bgfetch.client;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The way to a gateway: registers background fetches and finds them again. Immutable, safe for use
 * by many threads, meant to be kept; it needs no closing.
 *
 * <pre>{@code
 * BackgroundFetchManager backgroundFetch =
 *     BackgroundFetchManager.of(URI.create("http://127.0.0.1:8080"));
 * BackgroundFetchRegistration registration = backgroundFetch.fetch(
 *     "my-fetch",
 *     List.of(FetchRequest.of("https://example.com/ep-5.mp3")),
 *     BackgroundFetchOptions.none().withTitle("Episode 5"));
 * }</pre>
 */
public final class BackgroundFetchManager {
  private final Gateway gateway;

  private BackgroundFetchManager(Gateway gateway) {
    this.gateway = gateway;
  }

  /**
   * A client of the gateway at this address.
   *
   * @throws IllegalArgumentException when it is not an http or https URL
   */
  public static BackgroundFetchManager of(URI address) {
    return builder(address).build();
  }

  /** As {@link #of}, with more to choose. */
  public static Builder builder(URI address) {
    return new Builder(address);
  }

  /**
   * Registers a background fetch. The requests are walked once, while they are sent, on a thread of
   * the HTTP client; a list of any length needs no more memory than its longest request. What the
   * list throws while it is walked is thrown here, and nothing is registered. The deadline of the
   * call counts from the last time that the gateway took some of the list.
   *
   * @param id 1 to 1024 code points, not that of an active registration
   * @throws BgfetchException what the gateway refuses: {@code TypeError} for a bad list, with the
   *     offending requests in {@link Problem#errors}, or for an id that is active (status 409);
   *     {@code QuotaExceededError}; {@code NotAllowedError}
   */
  public BackgroundFetchRegistration fetch(
      String id, Iterable<FetchRequest> requests, BackgroundFetchOptions options) {
    return fetch(id, requests.iterator(), options);
  }

  /** As the other {@code fetch}, from a stream, which is closed afterwards. */
  public BackgroundFetchRegistration fetch(
      String id, Stream<FetchRequest> requests, BackgroundFetchOptions options) {
    try (requests) {
      return fetch(id, requests.iterator(), options);
    }
  }

  private BackgroundFetchRegistration fetch(
      String id, Iterator<FetchRequest> requests, BackgroundFetchOptions options) {
    NdjsonBody body = new NdjsonBody(options.head(id), requests);
    return registration(gateway.upload("/v1/fetches", "application/x-ndjson", body));
  }

  /** The active registration of this id. */
  public Optional<BackgroundFetchRegistration> get(String id) {
    return byId(id, "&active=true");
  }

  /**
   * The registration that a person means: that of this uid, else the active one of this id, else
   * the latest one of it.
   */
  public Optional<BackgroundFetchRegistration> find(String ref) {
    return Refs.isUid(ref) ? byPath(ref) : byId(ref, "");
  }

  /** The ids of all active registrations. */
  public List<String> getIds() {
    return listActive().stream().map(BackgroundFetchRegistration::id).toList();
  }

  /** All registrations, newest first. */
  public Listing<BackgroundFetchRegistration> list() {
    return list("");
  }

  /** All active registrations, newest first. */
  public Listing<BackgroundFetchRegistration> listActive() {
    return list("&active=true");
  }

  private Listing<BackgroundFetchRegistration> list(String filter) {
    return new Listing<>(
        (limit, cursor) -> page(gateway.get("/v1/fetches" + Refs.query(limit, cursor) + filter)));
  }

  private Optional<BackgroundFetchRegistration> byPath(String uid) {
    try {
      return Optional.of(registration(gateway.get("/v1/fetches/" + uid)));
    } catch (BgfetchException e) {
      if (e.status() == 404) {
        return Optional.empty();
      }
      throw e;
    }
  }

  /** By query, since some ids cannot stand in a path; an active one is always the newest. */
  private Optional<BackgroundFetchRegistration> byId(String id, String filter) {
    String path = "/v1/fetches" + Refs.query(1, null) + "&id=" + Gateway.encode(id) + filter;
    return page(gateway.get(path)).items().stream().findFirst();
  }

  private Page<BackgroundFetchRegistration> page(JsonNode json) {
    return Refs.page(json, "registrations", this::registration);
  }

  private BackgroundFetchRegistration registration(JsonNode json) {
    return new BackgroundFetchRegistration(gateway, json);
  }

  /** Chooses what a {@link BackgroundFetchManager} is made of. */
  public static final class Builder {
    private final URI address;
    private @Nullable String apiKey;
    private @Nullable HttpClient httpClient;
    private Timeouts timeouts = Timeouts.DEFAULT;

    private Builder(URI address) {
      boolean web = "http".equals(address.getScheme()) || "https".equals(address.getScheme());
      if (!web || address.getHost() == null) {
        throw new IllegalArgumentException("not an http or https URL: " + address);
      }
      this.address = address;
    }

    /** The key to send as {@code Authorization: Bearer}; null for none, the default. */
    public Builder apiKey(@Nullable String key) {
      this.apiKey = key;
      return this;
    }

    /** For a connection to be made, 10 s unless chosen; unused with a client of one's own. */
    public Builder connectTimeout(Duration timeout) {
      timeouts = new Timeouts(timeout, timeouts.call(), timeouts.bodyIdle(), timeouts.reconnect());
      return this;
    }

    /** For a call to be answered, 30 s unless chosen. */
    public Builder callTimeout(Duration timeout) {
      timeouts =
          new Timeouts(timeouts.connect(), timeout, timeouts.bodyIdle(), timeouts.reconnect());
      return this;
    }

    /** For the next bytes of a body, which may wait for its origin; 10 min unless chosen. */
    public Builder bodyIdleTimeout(Duration timeout) {
      timeouts = new Timeouts(timeouts.connect(), timeouts.call(), timeout, timeouts.reconnect());
      return this;
    }

    /** For how long a lost event stream is tried to be had again, 1 min unless chosen. */
    public Builder reconnectTimeout(Duration timeout) {
      timeouts = new Timeouts(timeouts.connect(), timeouts.call(), timeouts.bodyIdle(), timeout);
      return this;
    }

    /** The HTTP client to use, for its TLS, proxy or threads; it stays the caller's. */
    public Builder httpClient(HttpClient client) {
      this.httpClient = client;
      return this;
    }

    /** The client. */
    public BackgroundFetchManager build() {
      HttpClient client = httpClient == null ? newHttpClient() : httpClient;
      return new BackgroundFetchManager(new Gateway(client, address, apiKey, timeouts));
    }

    /** HTTP/2 only over TLS: in plain text the JDK would offer an upgrade with every upload. */
    private HttpClient newHttpClient() {
      return HttpClient.newBuilder()
          .version(
              "https".equals(address.getScheme())
                  ? HttpClient.Version.HTTP_2
                  : HttpClient.Version.HTTP_1_1)
          .connectTimeout(timeouts.connect())
          .build();
    }
  }
}

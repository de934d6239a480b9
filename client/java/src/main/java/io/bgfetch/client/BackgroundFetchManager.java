package io.bgfetch.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The way to a service: registers background fetches and finds them again. Immutable, safe for use
 * by many threads, meant to be kept. It needs no closing; {@link #close} ends what is under way.
 *
 * <p>It may know several gateways of the same service. It speaks to the first until that cannot be
 * reached, then to the next one, and so on around. What a call changes is safe to repeat, so calls
 * are: where there was no connection, where it was lost, and where the answer was 503 or 429, at
 * the other gateways at once and then with growing pauses, as {@code Retry-After} asks, for 30 s
 * unless chosen otherwise. Registering is repeated with an {@code Idempotency-Key} and happens
 * once.
 *
 * <pre>{@code
 * BackgroundFetchManager backgroundFetch =
 *     BackgroundFetchManager.of(
 *         URI.create("http://127.0.0.1:8080"), URI.create("http://127.0.0.1:8081"));
 * BackgroundFetchRegistration registration = backgroundFetch.fetch(
 *     "my-fetch",
 *     List.of(FetchRequest.of("https://example.com/ep-5.mp3")),
 *     BackgroundFetchOptions.none().withTitle("Episode 5"));
 * }</pre>
 */
public final class BackgroundFetchManager implements AutoCloseable {
  private final Gateway gateway;
  private final Executor threads;

  private BackgroundFetchManager(Gateway gateway) {
    this.gateway = gateway;
    this.threads = ClientThreads.create();
  }

  /**
   * A client of the gateway at this address, or of the gateways at these.
   *
   * @throws IllegalArgumentException when one is not an http or https URL
   */
  public static BackgroundFetchManager of(URI address, URI... more) {
    return builder(address, more).build();
  }

  /** As {@link #of}, with more to choose. */
  public static Builder builder(URI address, URI... more) {
    return new Builder(Stream.concat(Stream.of(address), Stream.of(more)).toList());
  }

  /**
   * Registers a background fetch. The requests are walked while they are sent, on a thread of the
   * HTTP client; a list of any length needs no more memory than its longest request. They are
   * walked again, from a new iterator, when the registration has to be sent again. What the list
   * throws while it is walked is thrown here, and nothing is registered. The deadline of the call
   * counts from the last time that the gateway took some of the list.
   *
   * <p>Requests with a body that is streamed ({@link FetchRequest#withBody(BodySource)}) have to be
   * given as a {@link Collection}, and all of them but for those bodies must fit into 16 MiB.
   *
   * @param id 1 to 1024 code points, not that of an active registration
   * @throws BgfetchException what the gateway refuses: {@code TypeError} for a bad list, with the
   *     offending requests in {@link Problem#errors}, or for an id that is active (status 409);
   *     {@code QuotaExceededError}; {@code NotAllowedError}; 422: the key of the options was used
   *     with another list
   * @throws java.io.UncheckedIOException when the list or a body of it cannot be read
   */
  public BackgroundFetchRegistration fetch(
      String id, Iterable<FetchRequest> requests, BackgroundFetchOptions options) {
    ObjectNode head = options.head(id);
    Submission submission =
        requests instanceof Collection<FetchRequest> list && hasStreamedBody(list)
            ? new FormSubmission(head, list)
            : LinesSubmission.of(head, requests);
    return register(submission, options);
  }

  /** As the other {@code fetch}, with no options. */
  public BackgroundFetchRegistration fetch(String id, Iterable<FetchRequest> requests) {
    return fetch(id, requests, BackgroundFetchOptions.none());
  }

  /** As the other {@code fetch}, from a list that is opened each time that it is sent. */
  public BackgroundFetchRegistration fetch(
      String id, RequestSource requests, BackgroundFetchOptions options) {
    return register(LinesSubmission.of(options.head(id), requests), options);
  }

  /**
   * As the other {@code fetch}, from a list that can be walked only once: it is not sent again once
   * its first request was taken. Where the connection is lost after that, {@link
   * GatewayUnreachableException} leaves open whether it was registered.
   */
  public BackgroundFetchRegistration fetch(
      String id, Iterator<FetchRequest> requests, BackgroundFetchOptions options) {
    return register(LinesSubmission.once(options.head(id), requests), options);
  }

  /** As {@code fetch} from an iterator, from a stream, which is closed afterwards. */
  public BackgroundFetchRegistration fetch(
      String id, Stream<FetchRequest> requests, BackgroundFetchOptions options) {
    try (requests) {
      return fetch(id, requests.iterator(), options);
    }
  }

  private static boolean hasStreamedBody(Collection<FetchRequest> requests) {
    return requests.stream().anyMatch(request -> request.bodySource() != null);
  }

  private BackgroundFetchRegistration register(
      Submission submission, BackgroundFetchOptions options) {
    return registration(gateway.upload("/v1/fetches", options.idempotencyKey(), submission));
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

  /**
   * The events of all registrations: the state of each active one at once, then what happens,
   * without an end. See there.
   */
  public BackgroundFetchEvents events() {
    return new BackgroundFetchEvents(gateway, "/v1/events", false, BackgroundFetchManager::decode);
  }

  /**
   * The events of all registrations, for each subscriber a stream of its own, as {@link
   * BackgroundFetchRegistration#progress} has those of one. It is read no further while 10,000
   * registrations have news that the subscriber does not ask for.
   */
  public Flow.Publisher<BackgroundFetchEvent> progress() {
    return new EventPublisher(this::events, threads);
  }

  private static BackgroundFetchEvent decode(ServerSentEvent event) {
    return new BackgroundFetchEvent(
        event.type(), RegistrationState.of(Json.parseObject(event.data())));
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
    return new BackgroundFetchRegistration(gateway, threads, json);
  }

  /**
   * Ends what is under way: calls that wait, bodies that are read, events that are followed. Every
   * later call, also of registrations and records that were found by it, is an {@link
   * IllegalStateException}. What is registered goes on.
   */
  @Override
  public void close() {
    gateway.close();
  }

  /**
   * Chooses what a {@link BackgroundFetchManager} is made of.
   *
   * <pre>{@code
   * BackgroundFetchManager patient =
   *     BackgroundFetchManager.builder(URI.create("https://bgfetch.example.com"))
   *         .apiKey(System.getenv("BGFETCH_API_KEY"))
   *         .retryTimeout(Duration.ofMinutes(5))
   *         .gzip(true)
   *         .build();
   * }</pre>
   */
  public static final class Builder {
    private final List<URI> addresses;
    private @Nullable String apiKey;
    private @Nullable HttpClient httpClient;
    private Timeouts timeouts = Timeouts.DEFAULT;
    private boolean awaitsGateway = true;
    private boolean gzip;

    private Builder(List<URI> addresses) {
      this.addresses = addresses;
      addresses.forEach(Builder::requireWeb);
    }

    private static void requireWeb(URI address) {
      boolean web = "http".equals(address.getScheme()) || "https".equals(address.getScheme());
      if (!web || address.getHost() == null) {
        throw new IllegalArgumentException("not an http or https URL: " + address);
      }
    }

    /**
     * The key to send as {@code Authorization: Bearer}; null for none, the default.
     *
     * @throws IllegalArgumentException when it is empty, or has other characters than the visible
     *     ones of ASCII; the message does not tell the key
     */
    public Builder apiKey(@Nullable String key) {
      if (key != null && !key.matches("[!-~]+")) {
        throw new IllegalArgumentException(
            "the API key must have visible ASCII characters only, and one of them at least");
      }
      this.apiKey = key;
      return this;
    }

    /** For a connection to be made, 10 s unless chosen; unused with a client of one's own. */
    public Builder connectTimeout(Duration timeout) {
      timeouts = timeouts.withConnect(timeout);
      return this;
    }

    /** For one attempt at a call to be answered, 30 s unless chosen. */
    public Builder callTimeout(Duration timeout) {
      timeouts = timeouts.withCall(timeout);
      return this;
    }

    /**
     * For how long a call that failed is repeated, counted from its first failure: 30 s unless
     * chosen. With zero it is made once at each gateway.
     */
    public Builder retryTimeout(Duration timeout) {
      timeouts = timeouts.withRetry(timeout);
      return this;
    }

    /**
     * Whether a service of which no gateway was ever reached is waited for like one that was lost:
     * so unless chosen otherwise, since a service and its clients may be started together.
     */
    public Builder awaitGateway(boolean awaits) {
      awaitsGateway = awaits;
      return this;
    }

    /** For the next bytes of a body, which may wait for its origin; 10 min unless chosen. */
    public Builder bodyIdleTimeout(Duration timeout) {
      timeouts = timeouts.withBodyIdle(timeout);
      return this;
    }

    /** For how long a lost event stream is tried to be had again, 1 min unless chosen. */
    public Builder reconnectTimeout(Duration timeout) {
      timeouts = timeouts.withReconnect(timeout);
      return this;
    }

    /** Whether registrations are compressed on their way to the gateway; not unless chosen. */
    public Builder gzip(boolean compressed) {
      gzip = compressed;
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
      Addresses roots = new Addresses(addresses);
      return new BackgroundFetchManager(
          new Gateway(
              new Connection(client, httpClient == null),
              roots,
              new Attempts(roots, timeouts.retry(), awaitsGateway),
              timeouts,
              apiKey,
              gzip));
    }

    /** HTTP/2 only over TLS: in plain text the JDK would offer an upgrade with every upload. */
    private HttpClient newHttpClient() {
      boolean tls = addresses.stream().allMatch(address -> "https".equals(address.getScheme()));
      return HttpClient.newBuilder()
          .version(tls ? HttpClient.Version.HTTP_2 : HttpClient.Version.HTTP_1_1)
          .connectTimeout(timeouts.connect())
          .build();
    }
  }
}

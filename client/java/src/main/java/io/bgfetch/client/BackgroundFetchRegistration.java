package io.bgfetch.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.time.DateTimeException;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One background fetch. Its properties are those of the last time that it was read; {@link
 * #refresh} and the events of {@link #events} bring them up to date. It means one generation: never
 * a later fetch of the same id. Safe for use by many threads.
 *
 * <pre>{@code
 * RegistrationState end = registration.follow(event ->
 *     System.out.println(event.registration().downloaded() + " bytes"));
 * if (end.result().equals("failure")) {
 *   System.out.println(end.failureReason());
 * }
 * Optional<BackgroundFetchRecord> episode = registration.match("/ep-5.mp3");
 * }</pre>
 */
public final class BackgroundFetchRegistration {
  private record Snapshot(JsonNode json, RegistrationState state) {}

  private final Gateway gateway;
  private final Executor threads;
  private final String path;
  private volatile Snapshot snapshot;

  /**
   * A registration.
   *
   * @param threads for listeners and subscribers
   */
  BackgroundFetchRegistration(Gateway gateway, Executor threads, JsonNode json) {
    this.gateway = gateway;
    this.threads = threads;
    this.snapshot = snapshot(gateway, json);
    this.path = "/v1/fetches/" + snapshot.state().uid();
  }

  private static Snapshot snapshot(Gateway gateway, JsonNode json) {
    try {
      RegistrationState state = RegistrationState.of(json);
      if (Refs.isUid(state.uid())) {
        return new Snapshot(json, state);
      }
    } catch (DateTimeException e) {
      throw gateway.nonsense(new IOException("not a registration: " + e.getMessage(), e));
    }
    throw gateway.nonsense(new IOException("not a registration: it has no uid"));
  }

  /** All properties, of one moment. */
  public RegistrationState state() {
    return snapshot.state();
  }

  /** What its owner calls it; unique among the active ones. */
  public String id() {
    return state().id();
  }

  /** What the service calls it; never used again. */
  public String uid() {
    return state().uid();
  }

  /** Bytes of all request bodies. */
  public long uploadTotal() {
    return state().uploadTotal();
  }

  /** Bytes of them sent so far. */
  public long uploaded() {
    return state().uploaded();
  }

  /** The declared limit of bytes, 0 when none was declared. */
  public long downloadTotal() {
    return state().downloadTotal();
  }

  /** Bytes of response bodies received and kept so far. */
  public long downloaded() {
    return state().downloaded();
  }

  /** {@code ""} while active, then {@code "success"} or {@code "failure"}. */
  public String result() {
    return state().result();
  }

  /** Why it failed, {@code ""} when it did not; see {@link RegistrationState#failureReason}. */
  public String failureReason() {
    return state().failureReason();
  }

  /** Whether its records can (still) be read. */
  public boolean recordsAvailable() {
    return state().recordsAvailable();
  }

  /** Reads the properties anew. */
  public RegistrationState refresh() {
    return accept(gateway.get(path));
  }

  /**
   * Aborts it.
   *
   * @return whether this call did: false when it had ended before. Where the answer was lost and
   *     the call was made again, an abort by somebody else at the same time counts as this one
   */
  public boolean abort() {
    try {
      return abort(Repeat.UNSENT);
    } catch (GatewayUnreachableException | BgfetchException e) {
      if (Repeat.isUnsent(e) || !Attempts.passes(e)) {
        throw e;
      }
    }
    // the answer was lost, and perhaps the order
    return abort(Repeat.ALWAYS) || refresh().failureReason().equals("aborted");
  }

  private boolean abort(Repeat repeat) {
    return gateway.post(path + "/abort", Json.object(), repeat).path("aborted").asBoolean();
  }

  /**
   * Starts nothing more of it and stops what runs; bytes that were stored are kept.
   *
   * @throws BgfetchException {@code InvalidStateError}: it has ended, or not all of its requests
   *     are GET
   */
  public RegistrationState pause() {
    return order("pause");
  }

  /**
   * Goes on after a pause.
   *
   * @throws BgfetchException as for {@link #pause}
   */
  public RegistrationState resume() {
    return order("resume");
  }

  /**
   * Says that its records are no longer needed: they cannot be read any more, and are deleted soon.
   *
   * @throws BgfetchException {@code InvalidStateError}: it is active
   */
  public RegistrationState release() {
    return order("release");
  }

  private RegistrationState order(String name) {
    return accept(gateway.post(path + "/" + name, Json.object()));
  }

  /**
   * Shows it under another title.
   *
   * @throws BgfetchException {@code TypeError}: the title is too long
   */
  public RegistrationState updateUI(String title) {
    return accept(gateway.patch(path, Json.object().put("title", title)));
  }

  /**
   * Shows it with other icons, in place of all that it had.
   *
   * @throws BgfetchException as for {@link #updateUI(String)}; 413: too many icons, or too large
   *     ones
   */
  public RegistrationState updateUI(List<Icon> icons) {
    return accept(gateway.patch(path, icons(Json.object(), icons)));
  }

  /** Shows it under another title and with other icons. */
  public RegistrationState updateUI(String title, List<Icon> icons) {
    return accept(gateway.patch(path, icons(Json.object().put("title", title), icons)));
  }

  private static ObjectNode icons(ObjectNode change, List<Icon> icons) {
    ArrayNode array = change.putArray("icons");
    icons.forEach(icon -> icon.addTo(array));
    return change;
  }

  /**
   * Tells its subscribers that a person opened it. Not repeated where it may have been told: nobody
   * should hear of one click twice.
   */
  public void click() {
    gateway.order("POST", path + "/click", Repeat.UNSENT);
  }

  /** Aborts it if it is active, and forgets everything about it; also what is gone is no error. */
  public void delete() {
    gateway.order("DELETE", path, Repeat.ALWAYS);
  }

  /**
   * Registers the records that failed again, as a new background fetch with the same options.
   *
   * @param id of the new one; null for the same
   * @throws BgfetchException {@code InvalidStateError}: it is active, or its records cannot be read
   *     any more; {@code TypeError}: nothing failed, or the id is active (status 409)
   */
  public BackgroundFetchRegistration retry(@Nullable String id) {
    ObjectNode body = Json.object();
    if (id != null) {
      body.put("id", id);
    }
    String key = UUID.randomUUID().toString();
    return new BackgroundFetchRegistration(
        gateway, threads, gateway.postOnce(path + "/retry", key, body));
  }

  /** The first record of that URL. */
  public Optional<BackgroundFetchRecord> match(String url) {
    return match(FetchRequest.of(url), CacheQueryOptions.NONE);
  }

  /** The first record that matches the request (its URL, and its headers where they matter). */
  public Optional<BackgroundFetchRecord> match(FetchRequest request, CacheQueryOptions options) {
    JsonNode found = gateway.post(path + "/match", query(request, options)).path("record");
    return found.isObject() ? Optional.of(record(found)) : Optional.empty();
  }

  /** All records, in the order of their requests. */
  public Listing<BackgroundFetchRecord> matchAll() {
    return matchAll(null, CacheQueryOptions.NONE);
  }

  /** All records that match the request (null: every one), in the order of their requests. */
  public Listing<BackgroundFetchRecord> matchAll(
      @Nullable FetchRequest request, CacheQueryOptions options) {
    return new Listing<>(
        (limit, cursor) -> {
          ObjectNode query = query(request, options).put("limit", limit);
          if (cursor != null) {
            query.put("cursor", cursor);
          }
          return page(gateway.post(path + "/matchAll", query));
        });
  }

  /** All records that ended in one of these ways (none given: every record), in order. */
  public Listing<BackgroundFetchRecord> records(String... results) {
    String filter =
        results.length == 0 ? "" : "&result=" + Gateway.encode(String.join(",", results));
    return new Listing<>(
        (limit, cursor) ->
            page(gateway.get(path + "/records" + Refs.query(limit, cursor) + filter)));
  }

  /**
   * One record.
   *
   * @param index its place in the list, from 0
   * @throws BgfetchException 404: there is no such record
   */
  public BackgroundFetchRecord record(long index) {
    return record(gateway.get(path + "/records/" + index));
  }

  /** Its events from now on; see there. Nothing is connected before the first is asked for. */
  public BackgroundFetchEvents events() {
    return new BackgroundFetchEvents(gateway, path + "/events", true, this::decode);
  }

  /**
   * Its events from the subscription on, for each subscriber a stream of its own. A subscriber is
   * told on threads of the client, one event at a time. What happens faster than it takes it is
   * merged: the next that it is told is the latest state. The end event always comes, when it is
   * asked for, and the completion behind it. When the gateway cannot be had any more, or the client
   * was closed, it is told of an error.
   */
  public Flow.Publisher<BackgroundFetchEvent> progress() {
    return new EventPublisher(this::events, threads);
  }

  /**
   * Waits for the end on this thread and tells every event on the way.
   *
   * @return the state at the end
   */
  public RegistrationState follow(Consumer<BackgroundFetchEvent> listener) {
    try (BackgroundFetchEvents events = events()) {
      events.forEachRemaining(listener);
    }
    return state();
  }

  /**
   * As {@link #follow}, on a thread of the client.
   *
   * @return the state at the end; it fails with what {@code follow} would throw, and when it is
   *     cancelled nothing more is told
   */
  public CompletableFuture<RegistrationState> followAsync(Consumer<BackgroundFetchEvent> listener) {
    CompletableFuture<RegistrationState> end = new CompletableFuture<>();
    BackgroundFetchEvents events = events();
    var unused = end.whenComplete((state, failure) -> events.close());
    threads.execute(
        () -> {
          try (events) {
            events.forEachRemaining(listener);
            end.complete(state());
          } catch (RuntimeException | Error e) {
            end.completeExceptionally(e); // a listener's failed assertion too
          }
        });
    return end;
  }

  /** The registration as the gateway wrote it last. */
  public String toJson() {
    return Json.text(snapshot.json());
  }

  @Override
  public String toString() {
    return toJson();
  }

  private BackgroundFetchEvent decode(ServerSentEvent event) {
    return new BackgroundFetchEvent(event.type(), accept(Json.parseObject(event.data())));
  }

  /** Takes over a state unless a newer one is known; answers the given one either way. */
  private synchronized RegistrationState accept(JsonNode json) {
    Snapshot given = snapshot(gateway, json);
    if (given.state().version() >= snapshot.state().version()) {
      snapshot = given;
    }
    return given.state();
  }

  private static ObjectNode query(@Nullable FetchRequest request, CacheQueryOptions options) {
    ObjectNode query = Json.object();
    if (request != null) {
      query.set("request", request.json());
    }
    query.set("options", options.json());
    return query;
  }

  private BackgroundFetchRecord record(JsonNode json) {
    return new BackgroundFetchRecord(gateway, uid(), json);
  }

  private Page<BackgroundFetchRecord> page(JsonNode json) {
    return Refs.page(json, "records", this::record);
  }
}

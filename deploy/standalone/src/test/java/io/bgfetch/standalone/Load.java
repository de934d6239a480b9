package io.bgfetch.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.bgfetch.client.BackgroundFetchManager;
import io.bgfetch.client.BackgroundFetchOptions;
import io.bgfetch.client.BackgroundFetchRegistration;
import io.bgfetch.client.BgfetchException;
import io.bgfetch.client.FetchRequest;
import io.bgfetch.client.GatewayUnreachableException;
import io.bgfetch.client.RegistrationState;
import io.bgfetch.testkit.Origin;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Registrations with records of every kind, brought in whatever dies meanwhile. It remembers them.
 */
final class Load implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(90);
  private static final Duration TRY_EVERY = Duration.ofMillis(300);
  private static final int HUNDRED = 100;
  private static final int CLIENTS = 3;
  private static final int BEGUN = 20;

  /** Records that wait: several seconds of work for a host. */
  private static final int ENOUGH = 1_000;

  private final Origin origin;
  private final LoadPages seen;
  private final Gateways gateways;
  private final RandomGenerator random;
  private final String name;
  private final List<Registered> all = new CopyOnWriteArrayList<>();
  private final AtomicInteger numbers = new AtomicInteger();
  private final ScheduledExecutorService clients = Executors.newScheduledThreadPool(CLIENTS);
  private final List<Future<?>> doings = new CopyOnWriteArrayList<>();

  /** Ways into the cluster, of which each may be dead. */
  @FunctionalInterface
  interface Gateways {
    /** One that is believed to live, if there is any. */
    Optional<BackgroundFetchManager> any();
  }

  /** A registration and the pages of its records, in their order. */
  record Registered(String id, String uid, List<LoadPage> pages) {}

  /**
   * A load that is empty yet.
   *
   * @param seen the pages of the origin
   * @param name that no other load of the same origin has
   */
  Load(Origin origin, LoadPages seen, Gateways gateways, RandomGenerator random, String name) {
    this.origin = origin;
    this.seen = seen;
    this.gateways = gateways;
    this.random = random;
    this.name = name;
  }

  List<Registered> all() {
    return List.copyOf(all);
  }

  Stream<LoadPage> pages() {
    return all.stream().flatMap(one -> one.pages().stream());
  }

  int records() {
    return (int) pages().count();
  }

  /**
   * From now on until the {@link #close} a client does this again and again, but for the times when
   * the origin has not seen enough yet of what it was registered for.
   */
  void again(Duration every, Runnable registering) {
    Runnable unlessAhead =
        () -> {
          if (pages().filter(page -> seen.sighting(page).times() == 0).count() < ENOUGH) {
            registering.run();
          }
        };
    doings.add(
        clients.scheduleWithFixedDelay(unlessAhead, 0, every.toMillis(), TimeUnit.MILLISECONDS));
  }

  /** A client does this once, meanwhile. */
  <T> Future<T> meanwhile(Callable<T> doing) {
    Future<T> done = clients.submit(doing);
    doings.add(done);
    return done;
  }

  /**
   * Records of every kind in one registration. Those that must not be sent twice take the longest,
   * so that there are some under way whoever dies.
   */
  Registered mixed(int records) {
    return register(records, this::page);
  }

  private LoadPage page(String page) {
    int dice = random.nextInt(HUNDRED);
    if (dice < 62) {
      return LoadPage.of(page, random.nextInt(4 << 10));
    } else if (dice < 77) {
      return LoadPage.of(page, 1 << 10).after(random.nextInt(100, 900));
    } else if (dice < 80) {
      return LoadPage.of(page, 64 << 10).dripping(4 << 10, random.nextInt(100, 500));
    } else if (dice < 83) {
      return LoadPage.of(page, random.nextInt(128 << 10, 1 << 20));
    } else if (dice < 86) {
      return LoadPage.of(page, 96 << 10).cutAfter(random.nextInt(20 << 10, 60 << 10));
    } else if (dice < 95) {
      return LoadPage.of(page, 100).takingUpload(500).after(random.nextInt(1000, 4000));
    } else if (dice < 96) {
      return LoadPage.of(page, 100).takingUpload(40 << 10).after(random.nextInt(1000, 4000));
    } else if (dice < 99) {
      return LoadPage.of(page, 300).answering(404);
    }
    return LoadPage.of(page, 0).answering(0);
  }

  /** Records that take one to two seconds each, and may be paused. */
  Registered slow(int records) {
    return register(records, page -> LoadPage.of(page, 200).after(random.nextInt(1000, 2000)));
  }

  /** Records of at most half a second, but for one in 500, which takes four. */
  Registered quick(int records) {
    return register(
        records,
        page ->
            random.nextInt(500) == 0
                ? LoadPage.of(page, 40 << 10).dripping(1 << 10, 100)
                : LoadPage.of(page, 1 << 10).after(random.nextInt(200, 500)));
  }

  private Registered register(int records, Function<String, LoadPage> pages) {
    String id = name + "-" + numbers.getAndIncrement();
    IntFunction<LoadPage> page = index -> pages.apply(id + "." + index);
    List<LoadPage> made = IntStream.range(0, records).mapToObj(page).toList();
    String uid = insisting("registering " + id, gateway -> register(gateway, id, made)).uid();
    Registered registered = new Registered(id, uid, made);
    all.add(registered);
    return registered;
  }

  /** Whoever was not answered does not know whether it exists now. */
  private BackgroundFetchRegistration register(
      BackgroundFetchManager gateway, String id, List<LoadPage> pages) {
    Optional<BackgroundFetchRegistration> there = gateway.find(id);
    return there.isPresent()
        ? there.get()
        : gateway.fetch(id, pages.stream().map(this::request), BackgroundFetchOptions.none());
  }

  private FetchRequest request(LoadPage page) {
    FetchRequest request = FetchRequest.of(origin.url(page.pathAndQuery()));
    return page.safe() ? request : request.withMethod("POST").withBody(page.uploadBody());
  }

  /** Pauses one that has begun, and resumes it so many milliseconds later. */
  RegistrationState pauseInTheMiddle(Registered registered, int millis) throws Exception {
    awaitBegun(registered);
    RegistrationState paused = insisting("pausing", gateway -> find(gateway, registered).pause());
    TimeUnit.MILLISECONDS.sleep(millis); // what a pause is made of
    insisting("resuming", gateway -> find(gateway, registered).resume());
    return paused;
  }

  /** Aborts one that has begun, and returns when that was answered, by {@link System#nanoTime}. */
  long abortInTheMiddle(Registered registered) {
    awaitBegun(registered);
    insisting("aborting", gateway -> find(gateway, registered).abort());
    return System.nanoTime();
  }

  private void awaitBegun(Registered registered) {
    await("something of " + registered.id())
        .atMost(PATIENCE)
        .until(
            () ->
                registered.pages().stream().filter(page -> seen.sighting(page).times() > 0).count()
                    > BEGUN);
  }

  private static BackgroundFetchRegistration find(
      BackgroundFetchManager gateway, Registered registered) {
    return gateway.find(registered.uid()).orElseThrow();
  }

  /** Gives up what is stored of all. */
  void release() {
    for (Registered registered : all) {
      insisting("releasing", gateway -> find(gateway, registered).release());
    }
  }

  /** Asks one gateway after the other until one does it. */
  private <T> T insisting(String what, Function<BackgroundFetchManager, T> call) {
    return await(what)
        .atMost(PATIENCE)
        .pollInterval(TRY_EVERY)
        .until(() -> attempt(call), Optional::isPresent)
        .orElseThrow();
  }

  private <T> Optional<T> attempt(Function<BackgroundFetchManager, T> call) {
    try {
      return gateways.any().map(call);
    } catch (GatewayUnreachableException dead) {
      return Optional.empty();
    } catch (BgfetchException refused) {
      if (refused.status() == 503) {
        return Optional.empty();
      }
      throw refused;
    }
  }

  /** Ends what keeps coming, and fails if a client failed. */
  @Override
  public void close() throws InterruptedException {
    clients.shutdown();
    assertThat(clients.awaitTermination(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
    assertThat(doings).allSatisfy(Load::didNotFail);
  }

  private static void didNotFail(Future<?> doing) {
    if (doing.state() == Future.State.FAILED) {
      throw new AssertionError("a client failed", doing.exceptionNow());
    }
  }
}
